"""Where the file lies. SQLite's write-ahead log needs memory that all of its users share, and a network share has none:

two machines that write one file there damage it (SQLite's own documentation of WAL says so). So such a place is refused before
anything is written, with advice, rather than half working until it does not.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from yuqing_cli.errors import StoreError

MOUNTS = Path("/proc/self/mounts")
"""Linux says here which file system lies where. Elsewhere it is not there, and only Windows' own names of shares are known."""
NETWORK = re.compile(
    r"(?:nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|9p|ceph|glusterfs|lustre|davfs"
    r"|fuse\.(?:sshfs|glusterfs|rclone|s3fs|davfs2?|smbnetfs))"
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_share(path: PurePath, mounts: str) -> str:
    r"""The kind of network share that ``path`` (absolute) lies on, or ``""``.

    ``mounts`` is a table of mounted file systems as in fstab(5). A name like ``\\server\share`` is one on Windows.
    """
    if path.drive.startswith("\\\\"):
        return "UNC"
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        mounted = PurePath(_ESCAPED.sub(lambda code: chr(int(code[1], 8)), fields[1]))
        # Of two on one place the later one lies on top.
        if path.is_relative_to(mounted) and len(mounted.parts) >= best:
            best, kind = len(mounted.parts), fields[2]
    return kind if NETWORK.fullmatch(kind) else ""


def require_local(path: Path) -> None:
    """Raise ``StoreError`` with advice where ``path`` lies on a network share."""
    try:
        mounts = MOUNTS.read_text("utf-8", "surrogateescape")
    except OSError:
        mounts = ""
    if kind := network_share(path.absolute(), mounts):
        text = (
            "{path} lies on a network share ({kind}), where SQLite's write-ahead log cannot work; keep the station on a "
            "local disk, and copy to the share what yuqing backup writes"
        )
        raise StoreError(text, path=path, kind=kind)
