package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		part := strings.Split(lines.Text(), "\t")
		body, _ := base64.StdEncoding.DecodeString(part[6])
		now, _ := strconv.ParseInt(part[1], 10, 64)
		in := Incoming{Body: body, Secrets: strings.Split(part[2], " "), NowSeconds: now}
		isValid := IsStandardSignatureValid
		in.Headers = map[string]string{"webhook-id": part[4], "webhook-timestamp": part[3], "webhook-signature": part[5]}
		if part[0] == "documented" {
			isValid = IsDocumentedSignatureValid
			in.Headers = map[string]string{"x-m2m-timestamp": part[3], "x-m2m-signature": part[5]}
		}
		if isValid(in) {
			fmt.Println("genuine")
		} else {
			fmt.Println("refused")
		}
	}
}
