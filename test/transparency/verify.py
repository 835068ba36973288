#!/usr/bin/env python3
"""A second verifier of the audit log, written from docs/AUDIT_FORMAT.md with nothing but the standard library.

    verify.py entries --key VKEY [--checkpoints FILE] [--now MS] [--partial] FILE
    verify.py proof --key VKEY FILE

Prints one JSON object. Exits with 0 if all is well, 1 if something was found, 2 if the input is malformed.
"""

import argparse
import base64
import binascii
import functools
import hashlib
import json
import math
import re
import sys
from datetime import datetime, timezone

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SAFE = 2**53 - 1
ALLOWANCE_MS = 300_000
ALLOWANCE_LEAVES = 10_000
LONGEST_LINE = 1 << 20


class Malformed(Exception):
    pass


class Refused(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).digest()


def text_of(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed from None


def unbase64(text):
    """Bytes of standard base 64, or None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


# --- Ed25519, RFC 8032, section 5.1 -------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def same_point(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def recover_x(y, sign):
    if y >= P:
        return None
    squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if squared == 0:
        return None if sign else 0
    x = pow(squared, (P + 3) // 8, P)
    if (x * x - squared) % P != 0:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - squared) % P != 0:
        return None
    return P - x if x & 1 != sign else x


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


@functools.cache
def ed25519_verify(public_key, message, signature):
    if len(signature) != 64:
        return False
    a, r = decompress(public_key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return same_point(multiply(s, BASE), add(r, multiply(h, a)))


# --- Canonical JSON, RFC 8785 -------------------------------------------------------------------------------------

ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_number(number):
    """As ECMAScript's Number::toString: the shortest digits (which repr finds, too), laid out by its own rules."""
    if not math.isfinite(number):
        raise Refused
    if number == 0:
        return "0"
    if number < 0:
        return "-" + write_number(-number)
    mantissa, _, exponent = repr(number).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(exponent or 0)
    digits = whole + fraction
    point -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    sign = "+" if point > 0 else "-"
    tail = "." + digits[1:] if count > 1 else ""
    return digits[0] + tail + "e" + sign + str(abs(point - 1))


def write_string(text):
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise Refused
    escaped = (ESCAPES.get(c) or ("\\u%04x" % ord(c) if ord(c) < 0x20 else c) for c in text)
    return '"' + "".join(escaped) + '"'


def canonical(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return write_string(value)
    if isinstance(value, float):
        return write_number(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(write_string(name) + ":" + canonical(value[name]) for name in names) + "}"


def no_constant(_name):
    raise ValueError


def parse_json(text):
    """JSON with all numbers as doubles, which is what they are in ECMAScript, and whether an object has a member twice."""
    repeats = False

    def members(pairs):
        nonlocal repeats
        value = dict(pairs)
        repeats = repeats or len(value) < len(pairs)
        return value

    try:
        return json.loads(text, parse_int=float, parse_constant=no_constant, object_pairs_hook=members), repeats
    except (ValueError, RecursionError):
        raise Malformed from None


# --- Tree ---------------------------------------------------------------------------------------------------------


def leaf_hash(data):
    return sha256(b"\x00" + data)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


class Frontier:
    def __init__(self, size=0, hashes=()):
        if len(hashes) != bin(size).count("1"):
            raise Refused
        self.size, self.hashes = size, list(hashes)

    def append(self, hash):
        size = self.size
        while size & 1:
            hash = node_hash(self.hashes.pop(), hash)
            size >>= 1
        self.hashes.append(hash)
        self.size += 1

    def root(self):
        if not self.hashes:
            return sha256(b"")
        root = self.hashes[-1]
        for hash in reversed(self.hashes[:-1]):
            root = node_hash(hash, root)
        return root


def root_from_path(index, size, hash, path):
    """RFC 9162, section 2.1.3.2. None if the path is too long or too short."""
    if index >= size:
        return None
    node, last = index, size - 1
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            hash = node_hash(sibling, hash)
            while not node & 1 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            hash = node_hash(hash, sibling)
        node, last = node >> 1, last >> 1
    return hash if last == 0 else None


# --- Notes and checkpoints ----------------------------------------------------------------------------------------

KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f-\x9f]+")


def parse_key(text):
    match = re.fullmatch(r"([^+]+)\+([0-9a-f]{8})\+(.+)", text)
    data = unbase64(match[3]) if match else None
    if data is None or len(data) != 33 or data[0] != 1 or not KEY_NAME.fullmatch(match[1]):
        raise Malformed
    if sha256(match[1].encode() + b"\n" + data)[:4].hex() != match[2]:
        raise Malformed
    return match[1], match[2], data[1:]


def open_note(note, keys):
    text, blank, tail = note.rpartition("\n\n")
    text += "\n"
    lines = tail.split("\n")
    if not blank or lines.pop() != "" or not 1 <= len(lines) <= 64:
        raise Refused
    if re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]", text):
        raise Refused
    signatures = []
    for line in lines:
        match = re.fullmatch(r"— ([^ ]+) ([^ ]+)", line)
        data = unbase64(match[2]) if match else None
        if data is None or len(data) < 5 or not KEY_NAME.fullmatch(match[1]):
            raise Refused
        signatures.append((match[1], data[:4].hex(), data[4:]))
    signed = False
    for name, id, signature in signatures:
        for key_name, key_id, public_key in keys:
            if (key_name, key_id) != (name, id):
                continue
            if not ed25519_verify(public_key, text.encode(), signature):
                raise Refused
            signed = True
    if not signed:
        raise Refused
    return text


def open_checkpoint(note, keys):
    text = open_note(note, keys)
    match = re.fullmatch(r"ai-governance-proxy/([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n(?:[^\n]+\n)*", text)
    root = unbase64(match[3]) if match else None
    if root is None or len(root) != 32 or not UUID.fullmatch(match[1]) or int(match[2]) > SAFE:
        raise Refused
    return match[1], int(match[2]), root


def split_notes(text):
    start = 0
    while start < len(text):
        signatures = text.find("\n\n— ", start)
        end = -1 if signatures < 0 else text.find("\n\n", signatures + 2)
        yield text[start:] if end < 0 else text[start : end + 1]
        start = len(text) if end < 0 else end + 2


# --- Entries ------------------------------------------------------------------------------------------------------


def is_index(value):
    return isinstance(value, float) and value.is_integer() and 0 <= value <= SAFE


def is_uuid(value):
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def is_hash(value):
    data = unbase64(value) if isinstance(value, str) else None
    return data is not None and len(data) == 32


FORMS = {
    "start": {
        "log": is_uuid,
        "size": is_index,
        "frontier": lambda value: isinstance(value, list) and all(map(is_hash, value)),
        "note": lambda value: value is None or isinstance(value, str),
    },
    "entry": {"log": is_uuid, "index": is_index, "leaf": is_hash, "record": lambda value: isinstance(value, dict)},
    "checkpoint": {"log": is_uuid, "note": lambda value: isinstance(value, str)},
    "stray": {
        "id": is_uuid,
        "log": lambda value: value is None or is_uuid(value),
        "index": lambda value: value is None or is_index(value),
    },
}


def read_entries(file):
    for line in file:
        if not line.endswith(b"\n") or len(line) > LONGEST_LINE + 1:
            raise Malformed
        value, repeats = parse_json(text_of(line))
        if not isinstance(value, dict) or len(value) != 1:
            raise Malformed
        ((kind, content),) = value.items()
        if kind == "key":
            if not isinstance(content, str) or repeats:
                raise Malformed
        else:
            form = FORMS.get(kind)
            if form is None or not isinstance(content, dict):
                raise Malformed
            names = set(form) - ({"record"} if kind == "entry" and "record" not in content else set())
            if set(content) != names or not all(form[name](content[name]) for name in names):
                raise Malformed
            for name in ("size", "index"):
                if content.get(name) is not None:
                    content[name] = int(content[name])
        if kind == "start" and content["size"] == 0 and (content["frontier"] or content["note"] is not None):
            raise Malformed
        if repeats:
            if "record" not in content:
                raise Malformed
            content["repeats"] = True
        yield kind, content


MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


def milliseconds(time):
    try:
        moment = datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    except (TypeError, ValueError):
        return None
    return moment.timestamp() * 1000 if MOMENT.fullmatch(time) else None


def time_of(record):
    for part, name in (("decision", "created_at"), ("pruning", "at")):
        if isinstance(record.get(part), dict):
            return milliseconds(record[part].get(name))
    return None


def pruning_of(record):
    pruning = record.get("pruning")
    if not isinstance(pruning, dict):
        return None
    log, first, end = (pruning.get(name) for name in ("pruned_log_id", "first_index", "end_index"))
    if not isinstance(log, str) or not is_index(first) or not is_index(end) or end <= first:
        return None
    return log, int(first), int(end)


# --- Verification -------------------------------------------------------------------------------------------------


class Log:
    def __init__(self, verifier, id):
        self.verifier, self.id = verifier, id
        self.start = self.size = self.signed = self.right = 0
        self.was_right, self.frontier = True, Frontier()
        self.early, self.absent, self.gaps, self.prunings, self.unsigned = [], [], [], [], []
        self.outside = verifier.outside.get(id, [])
        self.seen, self.next = set(), 0

    def find(self, kind, index, end=None):
        self.verifier.find(kind, self.id, index, end)

    def open(self, note):
        try:
            log, size, root = open_checkpoint(note, self.verifier.keys)
        except Refused:
            log = None
        if log != self.id:
            self.find("bad_signature", self.size)
            return None
        self.seen.add((size, root))
        return size, root

    def compare(self, root):
        if self.frontier is None:
            return
        if self.frontier.root() == root:
            self.signed = self.right = self.size
            self.was_right, self.unsigned = True, []
            return
        if self.was_right:
            self.find("rewritten", self.right, self.size)
        self.was_right = False

    def compare_outside(self):
        while self.next < len(self.outside) and self.outside[self.next][0] <= self.size:
            size, root = self.outside[self.next]
            self.next += 1
            if size == self.size and self.frontier is not None:
                self.compare(root)
            else:
                self.verifier.unchecked += 1

    def begin(self, size, hashes, note):
        self.start = self.size = size
        if size > 0:
            try:
                self.frontier = Frontier(size, hashes)
            except Refused:
                self.frontier = None
                self.find("gap", 0, size)
            opened = None if note is None else self.open(note)
            if note is None:
                self.find("bad_signature", size)
            if opened is not None:
                if opened[0] == size:
                    self.compare(opened[1])
                else:
                    self.find("reordered", size)
        self.compare_outside()

    def entry(self, index, leaf, record, repeats):
        if index < self.size:
            self.find("inserted", index)
            return
        if index > self.size:
            self.find("gap", self.size, index)
            self.gaps.append((self.size, index))
            self.frontier, self.size = None, index
        if self.frontier is not None:
            self.frontier.append(leaf)
        if record is None:
            self.absent.append(index)
            self.unsigned.append(None)
        else:
            self.check(index, leaf, record, repeats)
            self.unsigned.append(time_of(record))
        self.size += 1
        self.compare_outside()

    def check(self, index, leaf, record, repeats):
        try:
            hash = None if repeats else leaf_hash(canonical(record).encode())
        except (Refused, RecursionError):
            hash = None
        pruning = pruning_of(record)
        if hash != leaf:
            self.verifier.edited.append((self.id, index, leaf, hash))
        elif pruning is not None:
            self.prunings.append((index, pruning))

    def checkpoint(self, note):
        opened = self.open(note)
        if opened is None:
            return
        size, root = opened
        if size > self.size:
            self.early.append(size)
        elif size < self.size:
            self.find("reordered", size)
        else:
            self.compare(root)

    def finish(self, now):
        if self.verifier.partial:
            self.verifier.unchecked += len(self.outside) - self.next
        outside = () if self.verifier.partial else (size for size, _ in self.outside)
        latest = max([*self.early, *outside], default=0)
        if latest > self.size:
            self.find("cut_off", self.size, latest)
        for size in self.early:
            if size <= self.size:
                self.find("reordered", size)
        missing = [size for size, root in self.outside if (size, root) not in self.seen]
        missing = [size for size in missing if self.start < size <= self.size]
        if missing:
            self.find("removed", min(missing), max(missing))
        old = any(time is None or abs(now - time) > ALLOWANCE_MS for time in self.unsigned)
        if old or len(self.unsigned) > ALLOWANCE_LEAVES:
            self.find("unsigned", self.signed, self.size)


def runs(indexes):
    """Sorted indexes as pairs of first and end."""
    found = []
    for index in indexes:
        if found and found[-1][1] == index:
            found[-1][1] = index + 1
        else:
            found.append([index, index + 1])
    return found


class Verifier:
    def __init__(self, keys, partial):
        self.keys, self.partial, self.logs, self.outside = keys, partial, {}, {}
        self.findings, self.edited, self.unchecked = [], [], 0

    def find(self, kind, log, index, end=None):
        self.findings.append({"kind": kind, "log": log, "index": index, "end": end})

    def read_outside(self, text):
        trees = set()
        for note in split_notes(text):
            try:
                trees.add(open_checkpoint(note, self.keys))
            except Refused:
                self.find("bad_signature", None, None)
        for log, size, root in sorted(trees):
            self.outside.setdefault(log, []).append((size, root))

    def log(self, id):
        if id not in self.logs:
            self.find("gap", id, 0)
            self.begin(id, 0, [], None)
        return self.logs[id]

    def begin(self, id, size, hashes, note):
        self.logs[id] = Log(self, id)
        self.logs[id].begin(size, hashes, note)

    def read(self, entries):
        for kind, content in entries:
            if kind == "start":
                size = content["size"]
                if content["log"] in self.logs:
                    self.find("inserted", content["log"], size)
                    continue
                if size > 0 and not self.partial:
                    self.find("gap", content["log"], 0, size)
                self.begin(content["log"], size, [unbase64(hash) for hash in content["frontier"]], content["note"])
            elif kind == "entry":
                self.log(content["log"]).entry(
                    content["index"], unbase64(content["leaf"]), content.get("record"), "repeats" in content
                )
            elif kind == "checkpoint":
                self.log(content["log"]).checkpoint(content["note"])
            elif kind == "stray":
                self.find("inserted", content["log"], content["index"])

    def finish(self, now):
        for log in self.logs.values():
            log.finish(now)
        for id, checkpoints in self.outside.items():
            if id in self.logs:
                continue
            if self.partial:
                self.unchecked += len(checkpoints)
            else:
                self.find("cut_off", id, 0, checkpoints[-1][0])
        self.judge_prunings()
        leaves = {leaf for _, _, leaf, _ in self.edited}
        for log, index, _, hash in self.edited:
            self.find("reordered" if hash in leaves else "edited", log, index)

    def judge_prunings(self):
        taken = {}
        for log in self.logs.values():
            for index, (pruned, first, end) in log.prunings:
                if index < log.signed:
                    taken.setdefault(pruned, []).append((first, end))
        for id, ranges in taken.items():
            end = max(end for _, end in ranges)
            size = self.logs[id].size if id in self.logs else 0
            if id not in self.logs or (end > size and not self.partial):
                self.find("cut_off", id, size, end)
        for id, log in self.logs.items():
            pruned = set()
            for first, end in taken.get(id, []):
                pruned.update(range(max(first, log.start), min(end, log.size)))
            for first, end in runs(index for index in log.absent if index not in pruned):
                self.find("removed", id, first, end)
            shown = pruned - set(log.absent) - {index for index, _ in log.prunings}
            for first, end in log.gaps:
                shown -= set(range(first, end))
            for first, end in runs(sorted(shown)):
                self.find("inserted", id, first, end)


def verify_proof(text, keys):
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    extra = re.fullmatch(r"extra (\S+)", lines[1]) if len(lines) > 2 else None
    index = re.fullmatch(r"index (0|[1-9][0-9]{0,15})", lines[2]) if len(lines) > 2 else None
    path = [unbase64(line) for line in lines[3:]]
    data = unbase64(extra[1]) if extra else None
    if not blank or lines[0] != "c2sp.org/tlog-proof@v1" or index is None or data is None:
        raise Malformed
    if any(hash is None or len(hash) != 32 for hash in path):
        raise Malformed
    log, size, root = open_checkpoint(note, keys)
    if root_from_path(int(index[1]), size, leaf_hash(data), path) != root:
        raise Refused
    text = text_of(data)
    record, _ = parse_json(text)
    if not isinstance(record, dict) or canonical(record) != text:
        raise Refused
    return {"ok": True, "log": log, "index": int(index[1]), "size": size, "record": record}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["entries", "proof"])
    parser.add_argument("file")
    parser.add_argument("--key", action="append", required=True)
    parser.add_argument("--checkpoints", action="append", default=[])
    parser.add_argument("--now", type=float, default=datetime.now().timestamp() * 1000)
    parser.add_argument("--partial", action="store_true")
    options = parser.parse_args()
    keys = [parse_key(key) for key in options.key]
    with open(options.file, "rb") as file:
        if options.what == "proof":
            return verify_proof(text_of(file.read()), keys)
        verifier = Verifier(keys, options.partial)
        for path in options.checkpoints:
            # What is not UTF-8 comes as a note that is refused.
            with open(path, encoding="utf-8", errors="replace", newline="") as notes:
                verifier.read_outside(notes.read())
        verifier.read(read_entries(file))
    verifier.finish(options.now)
    return {"ok": not verifier.findings, "findings": verifier.findings, "unchecked": verifier.unchecked}


if __name__ == "__main__":
    try:
        result = main()
    except Malformed:
        result = {"ok": False, "malformed": True}
    except Refused:
        result = {"ok": False, "refused": True}
    json.dump(result, sys.stdout)
    sys.exit(0 if result["ok"] else 2 if "malformed" in result else 1)
