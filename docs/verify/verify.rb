require "openssl"

TOLERANCE_SECONDS = 300

# X-M2M-Signature. `headers` have lower-case names, `body` is the raw body as it came in,
# `secrets` are all that you hold: two while you rotate. `now` is in Unix seconds.
def documented_signature_valid?(headers, body, secrets, now = Time.now.to_i)
  timestamp = headers.fetch("x-m2m-timestamp", "")
  signature = headers.fetch("x-m2m-signature", "")
  return false unless recent?(timestamp, now)

  secrets.any? do |secret|
    mac = OpenSSL::HMAC.hexdigest("SHA256", secret, "#{timestamp}.".b + body.b)
    same?("sha256=#{mac}", signature)
  end
end

# webhook-signature, as Standard Webhooks has it: one signature per live secret, separated by spaces.
def standard_signature_valid?(headers, body, secrets, now = Time.now.to_i)
  timestamp = headers.fetch("webhook-timestamp", "")
  signatures = headers.fetch("webhook-signature", "").split(" ")
  return false unless recent?(timestamp, now)

  content = "#{headers.fetch("webhook-id", "")}.#{timestamp}.".b + body.b
  secrets.any? do |secret|
    key = secret.delete_prefix("whsec_").unpack1("m")
    expected = "v1,#{[OpenSSL::HMAC.digest("SHA256", key, content)].pack("m0")}"
    signatures.any? { |signature| same?(expected, signature) }
  end
end

def recent?(timestamp, now)
  timestamp.match?(/\A[0-9]{1,12}\z/) && (now - timestamp.to_i).abs <= TOLERANCE_SECONDS
end

# Takes the same time wherever the two differ.
def same?(expected, given)
  OpenSSL.secure_compare(expected, given)
end
