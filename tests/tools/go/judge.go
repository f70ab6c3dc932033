// Judges a signed tree with Go's own implementation of signed notes and of the checksum database's log: the checkpoint's signature,
// its root out of the tiles, each line's leaf, and that the log begins with every shorter one asked for. Prints the size.
//
//	go run judge.go FOLDER VERIFIER-KEY SIZE...
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// height of a tile: 256 hashes.
const height = 8

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

// number in groups of three digits, an x before all but the last.
func number(n int64) string {
	text := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		text = fmt.Sprintf("x%03d/%s", n%1000, text)
	}
	return text
}

func read(folder, kind string, n int64, width int) ([]byte, error) {
	path := filepath.Join(folder, "log/tile", kind, number(n))
	if width < 1<<height {
		path += fmt.Sprintf(".p/%d", width)
	}
	return os.ReadFile(path)
}

type tiles struct{ folder string }

func (tiles) Height() int                          { return height }
func (tiles) SaveTiles([]tlog.Tile, [][]byte)      {}
func (t tiles) ReadTiles(want []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range want {
		bytes, err := read(t.folder, strconv.Itoa(tile.L), tile.N, tile.W)
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func main() {
	folder, vkey := os.Args[1], os.Args[2]
	verifier := must(note.NewVerifier(vkey))
	checkpoint := must(os.ReadFile(filepath.Join(folder, "log/checkpoint")))
	opened := must(note.Open(checkpoint, note.VerifierList(verifier)))
	lines := strings.Split(opened.Text, "\n")
	size := must(strconv.ParseInt(lines[1], 10, 64))
	var root tlog.Hash
	copy(root[:], must(base64.StdEncoding.DecodeString(lines[2])))
	tree := tlog.Tree{N: size, Hash: root}

	// Authenticates every tile it reads against the root.
	hashes := tlog.TileHashReader(tree, tiles{folder})
	if got := must(tlog.TreeHash(size, hashes)); got != root {
		must(0, fmt.Errorf("the tiles give the root %v, the checkpoint says %v", got, root))
	}
	for page := int64(0); page*256 < size; page++ {
		width := int(size - page*256)
		if width > 256 {
			width = 256
		}
		bundle := must(read(folder, "entries", page, width))
		for index := page * 256; index < page*256+int64(width); index++ {
			length := int(binary.BigEndian.Uint16(bundle))
			leaf := tlog.RecordHash(bundle[2 : 2+length])
			bundle = bundle[2+length:]
			stored := must(hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)}))
			if stored[0] != leaf {
				must(0, fmt.Errorf("line %d is not the leaf in the tiles", index))
			}
		}
		if len(bundle) != 0 {
			must(0, fmt.Errorf("bundle %d is longer than its lines", page))
		}
	}
	for _, argument := range os.Args[3:] {
		before := must(strconv.ParseInt(argument, 10, 64))
		proof := must(tlog.ProveTree(size, before, hashes))
		if err := tlog.CheckTree(proof, size, root, before, must(tlog.TreeHash(before, hashes))); err != nil {
			must(0, err)
		}
	}
	fmt.Println(size)
}
