//go:build unix

package vscode_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// The documentation's pictures are those that the walk through the editor takes: "make pictures" puts them into docs/images, each with
// 256 colours and at most maxPicture bytes.

const maxPicture = 80 << 10

// pictures are what a walk has left behind: each page's picture is among them, and under $HARK_PICTURES each becomes the page's.
func pictures(t *testing.T, taken string) {
	shown := filepath.Join(testkit.Root(t), "docs", "images")
	files, err := filepath.Glob(filepath.Join(taken, "*.png"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "no picture was taken")
	for _, file := range files {
		small := reduced(t, file)
		assert.LessOrEqual(t, len(small), maxPicture, "%s is too large", filepath.Base(file))
		if os.Getenv("HARK_PICTURES") != "" {
			require.NoError(t, os.MkdirAll(shown, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(shown, filepath.Base(file)), small, 0o644))
		}
	}
	wanted, err := filepath.Glob(filepath.Join(shown, "*.png"))
	require.NoError(t, err)
	for _, file := range wanted {
		assert.FileExists(t, filepath.Join(taken, filepath.Base(file)), "no step takes this picture")
	}
}

// reduced is a picture with a palette of its 256 most frequent colours.
func reduced(t *testing.T, path string) []byte {
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	full, err := png.Decode(file)
	require.NoError(t, err)
	counts := map[color.NRGBA]int{}
	bounds := full.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[color.NRGBAModel.Convert(full.At(x, y)).(color.NRGBA)]++
		}
	}
	frequent := slices.SortedFunc(maps.Keys(counts), func(a, b color.NRGBA) int { return counts[b] - counts[a] })
	var palette color.Palette
	for _, c := range frequent[:min(len(frequent), 256)] {
		palette = append(palette, c)
	}
	indexed := image.NewPaletted(bounds, palette)
	draw.Draw(indexed, bounds, full, bounds.Min, draw.Src)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	require.NoError(t, encoder.Encode(&out, indexed))
	return out.Bytes()
}
