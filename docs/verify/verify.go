package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
)

const toleranceSeconds = 300

var unixSeconds = regexp.MustCompile(`^[0-9]{1,12}$`)

// Incoming is what came in: header names in lower case, the body as bytes, all secrets you hold (two while you rotate).
type Incoming struct {
	Headers    map[string]string
	Body       []byte
	Secrets    []string
	NowSeconds int64
}

// IsDocumentedSignatureValid checks X-M2M-Signature.
func IsDocumentedSignatureValid(in Incoming) bool {
	timestamp := in.Headers["x-m2m-timestamp"]
	if !isRecent(timestamp, in.NowSeconds) {
		return false
	}
	for _, secret := range in.Secrets {
		mac := mac([]byte(secret), timestamp+".", in.Body)
		if isSame("sha256="+hex.EncodeToString(mac), in.Headers["x-m2m-signature"]) {
			return true
		}
	}
	return false
}

// IsStandardSignatureValid checks webhook-signature, as Standard Webhooks has it: one signature per live secret,
// separated by spaces.
func IsStandardSignatureValid(in Incoming) bool {
	timestamp := in.Headers["webhook-timestamp"]
	if !isRecent(timestamp, in.NowSeconds) {
		return false
	}
	for _, secret := range in.Secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			continue
		}
		mac := mac(key, in.Headers["webhook-id"]+"."+timestamp+".", in.Body)
		for _, given := range strings.Split(in.Headers["webhook-signature"], " ") {
			if isSame("v1,"+base64.StdEncoding.EncodeToString(mac), given) {
				return true
			}
		}
	}
	return false
}

func isRecent(timestamp string, now int64) bool {
	if !unixSeconds.MatchString(timestamp) {
		return false
	}
	at, err := strconv.ParseInt(timestamp, 10, 64)
	return err == nil && now-at <= toleranceSeconds && at-now <= toleranceSeconds
}

// isSame takes the same time wherever the two differ.
func isSame(expected, given string) bool {
	return hmac.Equal([]byte(expected), []byte(given))
}

func mac(key []byte, head string, body []byte) []byte {
	hash := hmac.New(sha256.New, key)
	hash.Write([]byte(head))
	hash.Write(body)
	return hash.Sum(nil)
}
