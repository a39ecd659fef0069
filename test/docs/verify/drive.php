<?php
require __DIR__ . '/../../../docs/verify/verify.php';

foreach (explode("\n", rtrim(stream_get_contents(STDIN), "\n")) as $line) {
    [$scheme, $now, $secrets, $timestamp, $id, $signature, $body] = explode("\t", $line);
    $given = [base64_decode($body), explode(' ', $secrets), (int) $now];
    $is_valid = $scheme === 'documented'
        ? is_documented_signature_valid(['x-m2m-timestamp' => $timestamp, 'x-m2m-signature' => $signature], ...$given)
        : is_standard_signature_valid(
            ['webhook-id' => $id, 'webhook-timestamp' => $timestamp, 'webhook-signature' => $signature],
            ...$given,
        );
    echo $is_valid ? 'genuine' : 'refused', "\n";
}
