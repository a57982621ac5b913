package ffi

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

func benchCall(b *testing.B, v vm.Value) {
	p := newPool(b, Config{})
	c := engine.Call{Module: "probe", Name: "echo", Args: []vm.Value{v}}
	r, err := p.Call(context.Background(), c) // starts the worker, imports the module
	require.NoError(b, err)
	require.Nil(b, r.Raised)
	b.ResetTimer()
	for b.Loop() {
		if _, err := p.Call(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCall is a call on a warm worker: at most 0.2 ms.
func BenchmarkCall(b *testing.B) { benchCall(b, vm.Int(1)) }

// BenchmarkString5MB is 5 MB to Python and back: at most 100 ms.
func BenchmarkString5MB(b *testing.B) {
	b.SetBytes(5_000_000)
	benchCall(b, vm.String(strings.Repeat("x", 5_000_000)))
}

// BenchmarkRows is data of the usual kind: 10,000 rows of 4 fields.
func BenchmarkRows(b *testing.B) {
	rows := make([]vm.Value, 10_000)
	for i := range rows {
		row, err := vm.Hash(vm.String("id"), vm.Int(int64(i)), vm.String("name"), vm.String("a name"),
			vm.String("price"), vm.Float(float64(i)/3), vm.String("tags"), vm.List(vm.String("a"), vm.Null))
		require.NoError(b, err)
		rows[i] = row
	}
	benchCall(b, vm.List(rows...))
}

// BenchmarkStart is a worker's start, without any call.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		p := newPool(b, Config{})
		w, err := p.acquire(context.Background())
		require.NoError(b, err)
		p.put(w)
		require.NoError(b, p.Close())
	}
}

// BenchmarkThroughput is calls by many goroutines over the default number of workers.
func BenchmarkThroughput(b *testing.B) {
	p := newPool(b, Config{})
	c := engine.Call{Module: "probe", Name: "echo", Args: []vm.Value{vm.Int(1)}}
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := p.Call(context.Background(), c); err != nil {
				b.Error(err)
			}
		}
	})
}
