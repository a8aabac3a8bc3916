package archive_test

import (
	"archive/zip"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/archive"
)

// An archive with one file is extracted, and one that would write next to the folder is not.
func Example() {
	dir, err := os.MkdirTemp("", "archive")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	pack := func(name, entry string) string {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			log.Fatal(err)
		}
		defer f.Close()
		z := zip.NewWriter(f)
		w, err := z.Create(entry)
		if err == nil {
			_, err = w.Write([]byte("day,price\n1,18.00\n"))
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			log.Fatal(err)
		}
		return f.Name()
	}

	fmt.Println(archive.Extract(pack("good.zip", "stocks/brik.csv"), filepath.Join(dir, "data")))
	text, err := os.ReadFile(filepath.Join(dir, "data", "stocks", "brik.csv"))
	fmt.Printf("%q %v\n", text, err)
	err = archive.Extract(pack("bad.zip", "../brik.csv"), filepath.Join(dir, "data"))
	fmt.Println(strings.TrimPrefix(err.Error(), dir+string(filepath.Separator)))
	// Output:
	// <nil>
	// "day,price\n1,18.00\n" <nil>
	// bad.zip: "../brik.csv" leads out of the folder by the ".." in its name; nothing was extracted
}
