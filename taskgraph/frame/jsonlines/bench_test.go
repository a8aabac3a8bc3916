package jsonlines_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/frame/jsonlines"
)

// stocks are n lines in the shape of prices at the stock exchange.
func stocks(n int) []byte {
	var b bytes.Buffer
	r := rand.New(rand.NewPCG(3, 4))
	price := 100.0
	for i := range n {
		price += r.Float64() - 0.5
		fmt.Fprintf(&b, `{"timestamp": "2026-01-%02dT%02d:%02d:%02dZ", "open": %v, "high": %.15g, "low": %.4f, "close": %.2f, "volume": %d}`+"\n",
			1+i/86400, i/3600%24, i/60%60, i%60, price, price+r.Float64(), price-1, price, r.IntN(100000))
	}
	return b.Bytes()
}

func benchmark(b *testing.B, workers int) {
	text := stocks(100_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsonlines.ReadFrom(b.Context(), bytes.NewReader(text), "b", jsonlines.Options{Workers: workers}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) { benchmark(b, 0) }

func BenchmarkReadOneWorker(b *testing.B) { benchmark(b, 1) }

func BenchmarkEncodingJSON(b *testing.B) {
	text := stocks(20_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
			var row struct {
				Timestamp              string
				Open, High, Low, Close float64
				Volume                 int64
			}
			if err := d.Decode(&row); err != nil {
				b.Fatal(err)
			}
		}
	}
}
