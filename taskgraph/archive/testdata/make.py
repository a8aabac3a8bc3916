"""Writes archives as Python does: files, a folder, a symbolic and a hard link, long and foreign names."""
import io, pathlib, tarfile, zipfile

here = pathlib.Path(__file__).parent
text = {"data/a.txt": b"alpha\n" * 50, "data/" + "long" * 40 + ".txt": b"long", "data/naïve 数据.txt": b"named"}

for name, mode, form in [("pax.tar.gz", "w:gz", tarfile.PAX_FORMAT), ("gnu.tar.bz2", "w:bz2", tarfile.GNU_FORMAT), ("plain.tar", "w", tarfile.PAX_FORMAT)]:
    with tarfile.open(here / name, mode, format=form) as t:
        for path, content in text.items():
            info = tarfile.TarInfo(path)
            info.size, info.mtime, info.mode = len(content), 946684800, 0o4777
            t.addfile(info, io.BytesIO(content))
        for path, kind, target in [("data/link", tarfile.SYMTYPE, "a.txt"), ("data/same", tarfile.LNKTYPE, "data/a.txt"), ("data/empty", tarfile.DIRTYPE, "")]:
            info = tarfile.TarInfo(path)
            info.type, info.linkname, info.mtime, info.mode = kind, target, 946684800, 0o755
            t.addfile(info)

with zipfile.ZipFile(here / "deflate.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for path, content in text.items():
        z.writestr(zipfile.ZipInfo(path, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    z.writestr(zipfile.ZipInfo("data/empty/", (2000, 1, 1, 0, 0, 0)), b"")
