require_relative "../../../docs/verify/verify"

STDIN.each_line(chomp: true) do |line|
  scheme, now, secrets, timestamp, id, signature, body = line.split("\t", -1)
  given = [body.unpack1("m"), secrets.split(" "), now.to_i]
  valid =
    if scheme == "documented"
      documented_signature_valid?({ "x-m2m-timestamp" => timestamp, "x-m2m-signature" => signature }, *given)
    else
      standard_signature_valid?(
        { "webhook-id" => id, "webhook-timestamp" => timestamp, "webhook-signature" => signature }, *given
      )
    end
  puts(valid ? "genuine" : "refused")
end
