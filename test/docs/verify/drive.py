import base64
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "docs", "verify"))
from verify import is_documented_signature_valid, is_standard_signature_valid  # noqa: E402

for line in sys.stdin:
    scheme, now, secrets, timestamp, id, signature, body = line.rstrip("\n").split("\t")
    if scheme == "documented":
        headers = {"x-m2m-timestamp": timestamp, "x-m2m-signature": signature}
        is_valid = is_documented_signature_valid
    else:
        headers = {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature}
        is_valid = is_standard_signature_valid
    print("genuine" if is_valid(headers, base64.b64decode(body), secrets.split(" "), int(now)) else "refused")
