import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Java 17 or newer. */
final class Verify {
  private static final long TOLERANCE_SECONDS = 300;

  /** What came in: header names in lower case, the body as bytes, all secrets you hold (two while you rotate). */
  record Incoming(Map<String, String> headers, byte[] body, List<String> secrets, long nowSeconds) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** X-M2M-Signature. */
  static boolean isDocumentedSignatureValid(Incoming in) {
    String timestamp = in.header("x-m2m-timestamp");
    if (!isRecent(timestamp, in.nowSeconds())) return false;
    for (String secret : in.secrets()) {
      byte[] mac = hmac(utf8(secret), utf8(timestamp + "."), in.body());
      if (isSame("sha256=" + HexFormat.of().formatHex(mac), in.header("x-m2m-signature"))) return true;
    }
    return false;
  }

  /** webhook-signature, as Standard Webhooks has it: one signature per live secret, separated by spaces. */
  static boolean isStandardSignatureValid(Incoming in) {
    String timestamp = in.header("webhook-timestamp");
    if (!isRecent(timestamp, in.nowSeconds())) return false;
    for (String secret : in.secrets()) {
      byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
      byte[] mac = hmac(key, utf8(in.header("webhook-id") + "." + timestamp + "."), in.body());
      String expected = "v1," + Base64.getEncoder().encodeToString(mac);
      for (String given : in.header("webhook-signature").split(" ")) if (isSame(expected, given)) return true;
    }
    return false;
  }

  private static boolean isRecent(String timestamp, long nowSeconds) {
    return timestamp.matches("[0-9]{1,12}") && Math.abs(nowSeconds - Long.parseLong(timestamp)) <= TOLERANCE_SECONDS;
  }

  /** Takes the same time wherever the two differ. */
  private static boolean isSame(String expected, String given) {
    return MessageDigest.isEqual(utf8(expected), utf8(given));
  }

  private static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (byte[] part : parts) mac.update(part);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
