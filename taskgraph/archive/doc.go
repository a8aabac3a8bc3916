// Package archive unpacks archives of data: tar files, plain or compressed, and zip files.
//
//	err := archive.Extract("data/daily-stock.tgz", "data")
//
// What an archive is, its content says, not its name: tar, tar with gzip, bzip2 or Zstandard,
// and zip with stored, deflated or Zstandard entries. Others are refused by their name.
//
// An archive is what somebody else made, and so the rules are strict:
//
//   - All or nothing. Entries are unpacked into a hidden folder (.extract-…) inside the target
//     and moved in when the last of them is whole. After an error, an interrupt or a panic
//     the target is as it was before; only a process that is killed leaves the hidden
//     folder behind.
//   - Nothing is written outside the target: names that are absolute or have a ".." in them
//     are refused, so are links that lead out, by themselves or through other links, and
//     entries that lie behind a link. Below that, all files are opened through an [os.Root].
//   - Only files, folders and links are made; devices, pipes and others are refused. Of the
//     permissions rwxr-xr-x are kept at most.
//   - Bombs are refused: see [MaxBytes], [MaxEntries] and [MaxRatio] for the limits and how
//     to raise them. Names have at most 64 parts, of at most 255 bytes each.
//   - Files in the target that the archive does not have stay as they are, in its folders
//     too. A file takes the place of a file, never of a folder.
//
// An entry that is there already is left alone. A file is there when its size and its time of
// change, to the second, are those of the entry; a link, when it leads to the same place. So
// a cell that extracts may be run again: it costs reading a tar file, or the list of a zip
// file, and writes nothing. Who changes a file gets it back as the archive has it.
//
// The rule of concurrency: any number of goroutines and processes may extract into one target
// at a time; of the same archive all of them succeed.
//
// The formats are those of POSIX.1-2017 ("pax", with the older ustar, V7 and GNU forms) and
// PKWARE's APPNOTE.TXT 6.3.10, as archive/tar and archive/zip read them.
//
// Below: format.go tells formats and undoes compression, tar.go and zip.go make entries of
// them, name.go says which names will do, stage.go puts entries into the hidden folder, link.go
// follows links, settle.go moves everything in, or nothing.
package archive
