import base64
import hashlib
import hmac
import re
import time

TOLERANCE_SECONDS = 300


def is_documented_signature_valid(headers, body, secrets, now=None):
    """X-M2M-Signature. `headers` have lower-case names, `body` is bytes as they came in,
    `secrets` are all that you hold: two while you rotate. `now` is in Unix seconds."""
    timestamp = headers.get("x-m2m-timestamp", "")
    signature = headers.get("x-m2m-signature", "")
    if not is_recent(timestamp, now):
        return False
    content = timestamp.encode() + b"." + body
    macs = [hmac.new(secret.encode(), content, hashlib.sha256).hexdigest() for secret in secrets]
    return any(is_same("sha256=" + mac, signature) for mac in macs)


def is_standard_signature_valid(headers, body, secrets, now=None):
    """webhook-signature, as Standard Webhooks has it: one signature per live secret, separated by spaces."""
    timestamp = headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "").split(" ")
    if not is_recent(timestamp, now):
        return False
    content = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mac = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        if any(is_same("v1," + mac, signature) for signature in signatures):
            return True
    return False


def is_recent(timestamp, now):
    now = time.time() if now is None else now
    return bool(re.fullmatch(r"[0-9]{1,12}", timestamp)) and abs(now - int(timestamp)) <= TOLERANCE_SECONDS


def is_same(expected, given):
    """Takes the same time wherever the two differ."""
    return hmac.compare_digest(expected.encode(), given.encode())
