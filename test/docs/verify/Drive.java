import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Base64;
import java.util.List;
import java.util.Map;

final class Drive {
  public static void main(String[] arguments) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] part = line.split("\t", -1);
      boolean isDocumented = part[0].equals("documented");
      Map<String, String> headers =
          isDocumented
              ? Map.of("x-m2m-timestamp", part[3], "x-m2m-signature", part[5])
              : Map.of("webhook-id", part[4], "webhook-timestamp", part[3], "webhook-signature", part[5]);
      byte[] body = Base64.getDecoder().decode(part[6]);
      var incoming = new Verify.Incoming(headers, body, List.of(part[2].split(" ")), Long.parseLong(part[1]));
      boolean isValid =
          isDocumented ? Verify.isDocumentedSignatureValid(incoming) : Verify.isStandardSignatureValid(incoming);
      System.out.println(isValid ? "genuine" : "refused");
    }
  }
}
