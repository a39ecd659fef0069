<?php
const TOLERANCE_SECONDS = 300;

/**
 * X-M2M-Signature. $headers have lower-case names, $body is what file_get_contents('php://input') gave,
 * $secrets are all that you hold: two while you rotate. $now is in Unix seconds.
 */
function is_documented_signature_valid(array $headers, string $body, array $secrets, ?int $now = null): bool
{
    $timestamp = $headers['x-m2m-timestamp'] ?? '';
    $signature = $headers['x-m2m-signature'] ?? '';
    if (!is_recent($timestamp, $now)) {
        return false;
    }
    foreach ($secrets as $secret) {
        $mac = hash_hmac('sha256', "$timestamp.$body", $secret);
        // hash_equals takes the same time wherever the two differ.
        if (hash_equals("sha256=$mac", $signature)) {
            return true;
        }
    }
    return false;
}

/** webhook-signature, as Standard Webhooks has it: one signature per live secret, separated by spaces. */
function is_standard_signature_valid(array $headers, string $body, array $secrets, ?int $now = null): bool
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    $signatures = explode(' ', $headers['webhook-signature'] ?? '');
    if (!is_recent($timestamp, $now)) {
        return false;
    }
    foreach ($secrets as $secret) {
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
        $mac = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach ($signatures as $signature) {
            if (hash_equals("v1,$mac", $signature)) {
                return true;
            }
        }
    }
    return false;
}

function is_recent(string $timestamp, ?int $now): bool
{
    return preg_match('/^[0-9]{1,12}$/D', $timestamp) === 1
        && abs(($now ?? time()) - (int) $timestamp) <= TOLERANCE_SECONDS;
}
