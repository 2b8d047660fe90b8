# shellcheck shell=sh
# whodisk: the only program that ever runs on a host. It arrives on the stdin of `/bin/sh -s root|sudo|user`.
#
# It reads /proc, /sys and, for user names, /etc/passwd. It writes to stdout and to nothing else: no file, no here-document (old
# shells write those to /tmp), no setting but its own niceness. It takes two samples of every process and many of the disks and of at
# most ten suspects, drops what did not change, and prints frames. It orders by fixed rules and judges nothing.
#
# How it works, in the order of this file:
#   frame, slurp    the frames' form; reading a file with builtins alone
#   ticker          a line to awk every quarter of a second; keeps the deadline, notices that stdin was closed
#   sample          one awk: the controller that holds all state; reads what is safe itself, the rest through `head`
#   partial, bare   what is still printed when something breaks; what is done without awk
#   whodisk         the order of all this. It is called by the last line that is sent, so half a script never runs. File descriptor 3
#                   is a second stdin that the line before this file has opened: background jobs lose the first.

# A frame: NONCE KIND LENGTH LABEL, the payload, a line feed. ${#2} is in bytes because LC_ALL=C.
frame() { printf '%s %s\n%s\n' "$NONCE $1" "${#2}${3:+ $3}" "$2"; }

# Reads a file into $V without a fork. The test of the compound hides a file that is missing: a failed `exec 3<` would end dash.
slurp() {
  V=
  { while IFS= read -r L || [ -n "$L" ]; do V="$V$L$NL"; done <"$1"; } 2>/dev/null
  V=${V%"$NL"}
  [ -n "$V" ]
}

file() { if slurp "$2"; then frame file "$V" "$1 /proc/$2"; fi; }

# diskstats without ram disks and without devices that never did anything.
disks() {
  V=
  { while IFS= read -r L; do
    case $L in *' ram'[0-9]*|*' 0 0 0 0 0 0 0 0 0 0 0'|*' 0 0 0 0 0 0 0 0 0 0 0 0 '*) ;; *) V="$V$L$NL" ;; esac
  done <diskstats; } 2>/dev/null
  V=${V%"$NL"}
}

# The uptime in hundredths of a second, into $NOW.
now() { { read -r NOW L <uptime; } 2>/dev/null; NOW=${NOW%.*}${NOW#*.}; NOW=$((${NOW#0})); }

# Signals the main shell, unless it has gone and its number may belong to somebody else by now.
tell_main() {
  { read -r L L L PARENT L <self/stat; } 2>/dev/null
  if [ "$PARENT" = "$MAIN" ]; then kill -s "$1" "$MAIN"; fi
}

# The only writer of awk's stdin. The nonce goes this way because others can read argv and environment.
ticker() {
  read -r ME L <self/stat
  CHILD=
  trap 'if [ "$CHILD" ]; then kill "$CHILD" 2>/dev/null; wait "$CHILD"; fi; exit 0' TERM
  printf '%s\n' "$NONCE $WINDOW $ARGS $MAIN $GROUP $ME ${WATCHER:--} $MACHINE $EUID_ $AWK_KIND" "$DISKSTATS" go
  if [ "$TIMED_READ" ]; then
    # No fork for a tick, and the end of stdin shows at once: `read -t` on a pipe on which nothing ever comes.
    now; LAST=$NOW
    while [ "$NOW" -lt "$END" ]; do
      # shellcheck disable=SC3045 # only shells that passed the test for -t come here
      read -r -t "$INTERVAL" L <&3
      now
      if [ $((NOW - LAST)) -lt 15 ]; then tell_main USR1; exit 0; fi
      LAST=$NOW
      echo tick
    done
  else
    # dash has no `read -t`. The same loop in a bash costs less than a `free` that repeats, and that less than many a `sleep`.
    if [ "$BORROWED" ]; then
      # shellcheck disable=SC2016 # for the other shell to expand
      /bin/bash -c 'while [ "$SECONDS" -lt "$1" ]; do read -r -t "$2" L <&3; if [ $? -le 128 ]; then exit 9; fi; echo tick; done' bash "$DEADLINE" "$INTERVAL" & CHILD=$!
      wait "$CHILD"
      if [ $? = 9 ]; then tell_main USR1; exit 0; fi
    else
      free -s "$INTERVAL" -c $((DEADLINE * 100 / INTERVAL_CS)) 2>/dev/null & CHILD=$!
      wait "$CHILD"
    fi
    now
    while [ "$NOW" -lt "$((END - INTERVAL_CS))" ]; do
      sleep "$INTERVAL" 2>/dev/null & CHILD=$!
      wait "$CHILD" || sleep 1
      echo tick
      now
    done
  fi
  tell_main USR2
}

# For hosts without any `read -t`: sees the end of stdin.
watcher() {
  while read -r L; do :; done <&3
  tell_main USR1
}

# The controller. mawk is told to read its pipe line by line.
# Safe files (uptime, diskstats, loadavg) are read with getline, everything below /proc/PID through `head`: mawk dies of a file that
# opens but refuses to be read, as /proc/PID/io does. `head -v` names each file (`==> 1/io <==`), and a cold `head` costs 1.2 ms,
# so reads are batched. Of the comments below none may hold a single quote: it would end the program. The working directory is /proc.
sample() {
  # shellcheck disable=SC2086,SC2016 # a command and its argument; the program is awk, not shell
  exec $AWK '
function frame(kind, label, p) { print NONCE " " kind " " length(p) (label == "" ? "" : " " label); print p }
function add(p, line) { return p == "" ? line : p "\n" line }
# Plain print shows large numbers as 1e+10 in some awks, and %d is 32 bits wide in old mawk.
function int_(v) { return sprintf("%.0f", v) }
function quote(s) { gsub(/\047/, "\047\\\047\047", s); return "\047" s "\047" }
function uptime(  x) { if ((getline x < "uptime") <= 0) x = ""; close("uptime"); sub(/ .*/, "", x); return x }
function safe_file(label, f, all,   x, p) {
  while ((getline x < f) > 0) if (all || x ~ /^cpu/ || (substr(x, 1, index(x, " ") - 1) in WANTED_LINES)) p = add(p, x)
  close(f)
  if (p != "") frame("file", label " /proc/" f, p)
}
function safe_files(label,   f, i, n) {
  n = split("cpu btime procs_running procs_blocked MemTotal: MemFree: MemAvailable: Buffers: Cached: SwapCached: SwapTotal: SwapFree: Dirty: Writeback: AnonPages: Shmem: SReclaimable: nr_dirty nr_writeback nr_dirty_threshold nr_dirty_background_threshold pgpgin pgpgout pswpin pswpout pgmajfault oom_kill workingset_refault workingset_refault_file allocstall allocstall_normal allocstall_movable pgscan_kswapd pgscan_direct pgsteal_direct", f, " ")
  for (i = 1; i <= n; i++) WANTED_LINES[f[i]] = 1
  safe_file(label, "stat"); safe_file(label, "meminfo"); safe_file(label, "vmstat"); safe_file(label, "pressure/memory", 1)
}
# Pages swapped in and out since boot.
function swapped(  x, f, n) { while ((getline x < "vmstat") > 0) if (x ~ /^pswp/) { split(x, f, " "); n += f[2] } close("vmstat"); return n + 0 }
# Keeps the max largest of list k, in order.
function top(k, p, v, max,   i) {
  if (N[k] < max) i = ++N[k]
  else if (v <= V[k, max]) return
  else i = max
  for (; i > 1 && V[k, i - 1] < v; i--) { P[k, i] = P[k, i - 1]; V[k, i] = V[k, i - 1] }
  P[k, i] = p; V[k, i] = v
}
# Counts a text; the most frequent first when printed.
function bag(k, text) {
  if (!((k, text) in AT)) { if (SIZE[k] >= 64) return; AT[k, text] = ++SIZE[k]; TEXT[k, SIZE[k]] = text }
  COUNT[k, AT[k, text]]++
}
function unbag(key, k, max,   p, i, n, best) {
  for (n = 0; n < max && n < SIZE[k]; n++) {
    best = 0
    for (i = 1; i <= SIZE[k]; i++) if (COUNT[k, i] > 0 && (!best || COUNT[k, i] > COUNT[k, best])) best = i
    p = add(p, key " " COUNT[k, best] " " TEXT[k, best])
    COUNT[k, best] = 0
  }
  return p
}

# A line of /proc/PID/stat, split after the LAST parenthesis: a name may hold spaces and parentheses.
function parse(x,   i, j) {
  j = index(x, ") ")
  while (i = index(substr(x, j + 1), ") ")) j += i
  i = index(x, "(")
  COMM = substr(x, i + 1, j - i - 1)
  split(substr(x, j + 2, 180), F, " ")
  if (index(COMM, "\\")) gsub(/\\/, "&&", COMM)
  while (i = index(COMM, "\n")) COMM = substr(COMM, 1, i - 1) "\\n" substr(COMM, i + 1)
  STATE = F[1]; PPID = F[2]; FLAGS = F[7]; THREADS = F[18]; START = F[20]
}
function kernel_thread() { return int(FLAGS / 2097152) % 2 }
function ours() { return F[3] == GROUP }
# Within a sample a process counts as blocked once, whichever of its threads it is.
function blocked(p) { if (MARK[p] != LOOK) { MARK[p] = LOOK; D[p]++ } }

# ---- what the disks do, at every tick
function tick_disks(up,   x, f, o, name, out, i) {
  while ((getline x < "diskstats") > 0) {
    # The very line of the last tick, with nothing in flight.
    if (x in IDLE) continue
    split(x, f, " "); name = f[3]
    if (name in LINE) { delete IDLE[LINE[name]]; split(LINE[name], o, " ") }
    else if (x ~ / 0 0 0 0 0 0 0 0 0 0 0( |$)/) { IDLE[x] = 1; LINE[name] = x; continue }
    else split("", o)
    if (f[12] == 0) IDLE[x] = 1
    LINE[name] = x
    BUSY[name] = f[1] ":" f[2]
    gsub(/\//, "!", name)
    if (name in WHOLE)
      out = add(out, name " " int_(f[4] - o[4]) " " int_(f[6] - o[6]) " " int_(f[7] - o[7]) " " int_(f[8] - o[8]) " " int_(f[10] - o[10]) " " int_(f[11] - o[11]) " " f[12] " " int_(f[13] - o[13]) " " int_(f[14] - o[14]))
  }
  close("diskstats")
  TICKS = add(TICKS, add("T " up, out))
  if (++TICKED % 8 == 0) flush_ticks()
}
function flush_ticks() { if (TICKS != "") { frame("ticks", "", TICKS); TICKS = ""; fflush() } }

# ---- passes over all processes: /proc/PID/io of everybody, three times. Nothing is parsed until something differs.
# Where a command is long, each getline costs gawk a hash of it: all its output at once. mawk in its line mode can read lines only.
function gulp(c,   x, out) { RS = "\001"; while ((c | getline x) > 0) out = out x; RS = "\n"; return out }
# `more`: in the same go, the stat of everybody: who is blocked, who are the parents.
function pass_io(before, more,   c, x, r, i, n, m, p, piece) {
  PASS++; READABLE = SEEN = 0
  c = before all(PASS == 1 ? "[0-9]*/io" : paths("io"), "-v -n 7", !more); OWN++
  if (more) { LOOK++; TOTAL = 0; OWN++; c = c "; echo; echo STAT; " all(paths("stat"), "-q -n 1", 1) }
  if (!LINES_ONLY) {
    x = gulp(c)
    i = more ? index(x, "\nSTAT\n") : 0
    n = split((i ? substr(x, 1, i - 1) : x) "\n\n==", piece, ">")
    if (PASS == 1) split_names(piece[1])
    for (m = 2; m <= n && ++SEEN <= CAP; m++) {
      p = piece[m] + 0
      if (PASS == 1) list(p)
      # What ends a record is the beginning of the next header. Unreadable: nothing but the header.
      if ((r = index(piece[m], "\n")) && length(piece[m]) > r + 9) note_io(p, substr(piece[m], r))
    }
    if (i) { n = split(substr(x, i + 6), piece, "\n"); for (m = 1; m <= n && TOTAL < CAP; m++) if (piece[m] != "") note_stat(piece[m]) }
  } else {
    if (PASS == 1 && (c | getline x) > 0) split_names(x)
    while (SEEN <= CAP && (c | getline x) > 0) {
      if (x ~ /^=/) { SEEN++; if (r != "") note_io(p, r); r = ""; p = substr(x, 5) + 0; if (PASS == 1) list(p) }
      else if (x == "STAT") break
      else if (x != "") r = r " " x
    }
    if (r != "") note_io(p, r)
    if (more) while (TOTAL < CAP && (c | getline x) > 0) note_stat(x)
  }
  close(c)
}
# A[p] is the first io of a process, I[p] the newest if it ever differed.
function note_io(p, r) {
  if (PASS == 1) { A[p] = r; return }
  READABLE++; LIVE[p] = PASS
  if ((p in I) || r != A[p]) I[p] = r
}
function split_names(x,   f, i, n) { n = split(x, f, " "); for (i = 1; i <= n; i++) if (f[i] ~ /^\/sys/) WHOLE[substr(f[i], 12)] = 1 }
# The later passes name the processes of the first and those that came since (new_files): globs of /proc are a tenth of the whole
# cost. One whose io cannot be opened is not in the list, so without root they are globs all the same.
function list(p) { CHUNK = CHUNK " " p; if (length(CHUNK) > 2000) { CHUNKS[++CHUNKED] = CHUNK; CHUNK = "" } }
function paths(file,   i, out, x) {
  if (CROWD || EUID) return "[0-9]*/" file
  CHUNKS[CHUNKED + 1] = CHUNK
  for (i = 1; i <= CHUNKED + 1; i++) { x = CHUNKS[i] " "; gsub(/ /, "/" file " ", x); out = out substr(x, length(file) + 2) }
  for (i in FRESH) if (FRESH[i]) out = out " " i "/" file
  return out
}
# So many paths would not fit into one argument list.
function all(files, options, last) {
  if (CROWD) { OWN += 20; return "printf \"%s\\0\" " files " | xargs -0 head " options }
  return (last ? "exec head " : "head ") options " " files
}
function note_stat(x,   p) {
  p = x + 0
  # A newline in the name cuts the line: 52 fields are longer. It is read again with its other lines.
  if (length(x) < 90) { ODD = ODD " " p "/stat"; return }
  S[p] = x; TOTAL++
  if (index(x, ") D ")) { parse(x); if (STATE == "D") note_blocked(p) }
  else if (index(x, ") R ")) { parse(x); if (STATE == "R" && !ours() && !kernel_thread()) top("active", p, 1, 8) }
}
function note_blocked(p) {
  if (ours()) return
  blocked(p)
  if (!kernel_thread()) { if (BLOCKED++ < 20) CAND[p] = 1 }
  else if (CARRIED < 6) CARRIER[++CARRIED] = p
}

# The seven differences of p over the window into Q[1..7]: 1 if there is one, 0 if none, -1 where no pair is or a counter went back.
function delta(p,   a, b, i, n) {
  for (i = 1; i <= 7; i++) Q[i] = 0
  if (!(p in FRESH)) { if (!(p in A)) return -1; if (!(p in I)) return 0; split(A[p], a, " ") }
  n = (p in I) ? split(I[p], b, " ") : (p in A) ? split(A[p], b, " ") : 0
  if (n < 14) return -1
  n = 0
  for (i = 1; i <= 7; i++) { Q[i] = b[2 * i] - a[2 * i]; if (Q[i] < 0) return -1; if (Q[i] > 0) n = 1 }
  return n
}
# What the first ordering goes by: bytes, writes net of what was cancelled.
function bytes() { return Q[5] + (Q[6] > Q[7] ? Q[6] - Q[7] : 0) }

# ---- new processes, by the last pid that the kernel gave: a half second in which it did not move needs no listing of /proc
function new_files(   x, f, c, moved, i, n, files) {
  if ((getline x < "loadavg") <= 0) return ""
  close("loadavg")
  split(x, f, " "); moved = f[5] - LASTPID
  if (moved < 0 || moved > 400) {
    c = "echo [0-9]*"
    if ((c | getline x) > 0) { n = split(x, q, " "); for (i = 1; i <= n; i++) if (!(q[i] in A) && !(q[i] in S)) ask(q[i]) }
    close(c)
  } else if (moved > OWN) for (i = LASTPID + 1; i <= f[5]; i++) ask(i)
  LASTPID = f[5]; OWN = 0
  for (i in ASK) { files = files " " i "/stat " i "/status " i "/io"; delete ASK[i] }
  n = 0
  for (i in FRESH) if (FRESH[i] && !(i in SUSPECT) && n++ < 100) { files = files " " i "/io"; FRESH[i] = 0 }
  return files
}
function ask(p) { if (!(p in FRESH) && !(p in THREAD) && ASKED++ < 1000) ASK[p] = 1 }

# ---- everything read file by file: `head -v` output, each line to where its path says
function heads(c, purpose,   x, q, n, last, p, t, m, count, piece) {
  OWN++; PURPOSE = purpose; LOOK++
  if (!LINES_ONLY) count = split(gulp(c), piece, "\n")
  while (LINES_ONLY ? (c | getline x) > 0 : ++m <= count) {
    if (!LINES_ONLY) x = piece[m]
    if (substr(x, 1, 4) == "==> " && x ~ / <==$/) {
      end_file(last, p); PEND = ""
      PATH = substr(x, 5, length(x) - 8)
      n = split(PATH, q, "/"); p = q[1]; last = q[n]; t = q[2] == "task" ? q[3] : p; ROWS = 0
      if (q[2] == "fdinfo") { FD = last; last = "fdinfo" }
      if (substr(PATH, 1, 7) == "/sys/fs") last = "cgstat"
      else if (substr(PATH, 1, 1) == "/") last = "block"
      continue
    }
    if (x == "" && last != "stat") continue
    ROWS++
    if (last == "stat") got_stat(p, t, x)
    else if (last == "io") IO = IO " " x
    else if (last == "syscall") { if (x != "running") got_call(p, t, x) }
    else if (last == "wchan") { if (x != "0") got_wchan(p, t, x) }
    else if (last == "schedstat") { split(x, q, " "); if (p in RAN) RUN[p] = q[1]; else RAN[p] = q[1] }
    else if (last == "stack") { if (ROWS <= 24 && split(x, q, " ") > 1) { sub(/\+.*/, "", q[2]); if (q[2] !~ /^0x/) STACK = STACK " " q[2] } }
    else if (last == "status") got_status(p, x)
    else if (last == "cgroup") got_cgroup(p, x)
    else if (last == "fdinfo") { n = split(x, q, /[ \t]+/); INFO[q[1]] = q[2] }
    else if (last == "mountinfo") { split(x, q, " "); if ((q[1] in WANTED) && !(x in MOUNTED)) { MOUNTED[x] = 1; MOUNTS = add(MOUNTS, x) } }
    else if (last == "cgstat") { if (x != "max" && x !~ /^9223372036854/) CGSTAT = add(CGSTAT, PATH ":" x) }
    else if (last == "block") BLOCK = add(BLOCK, PATH ":" x)
    if (last == "stack") STACKOF = t
  }
  end_file(last, p)
  close(c)
  note_course()
}
# Of this look at each suspect: when (hundredths of a second since the opening), the state of the thread that waits or works most, and
# the number of the call that it is in.
function note_course(  p, x) {
  for (p in SAW) {
    x = int_((up - UP_A) * 100) SAW[p]
    if (p in MET) x = x MET[p]
    if (p in COURSE) x = COURSE[p] " " x
    if (length(x) < 200) COURSE[p] = x
  }
  split("", SAW); split("", MET)
}
function end_file(last, p) {
  if (last == "io" && IO != "") { if (p in FRESH) { I[p] = IO; FRESH[p] = 1 } }
  else if (last == "stack" && STACK != "") bag("stack " p, STACKOF STACK)
  else if (last == "fdinfo" && INFO["pos:"] != "") {
    # Texts: where there is no such element gawk 5.2 frees twice what a function makes of it.
    FDINFO[p, FD] = add(FDINFO[p, FD], "fdinfo " (PURPOSE == "b" ? "b " : "a ") FD " " INFO["pos:"] " " dash(INFO["flags:"] "") " " dash(INFO["mnt_id:"] "") " " dash(INFO["ino:"] ""))
    if (INFO["mnt_id:"] != "") { WANTED[INFO["mnt_id:"]] = 1; MOUNTOF[INFO["mnt_id:"]] = p } else PREFIX[p, FD] = 1
  }
  IO = STACK = ""
  split("", INFO)
}
function dash(v) { return v == "" ? "-" : v }

function got_stat(p, t, x) {
  # A newline in the name.
  if (length(PEND x) < 90) { PEND = PEND x "\n"; return }
  x = PEND x; PEND = ""
  parse(x)
  if (ours()) { delete FRESH[p]; THREAD[p] = 1; return }
  if (p == t) {
    if ((p in S) && start_of(S[p]) != START) REUSED[p] = 1
    parse(x); S[p] = x
    if (START >= OPENED) FRESH[p] = 1
  }
  if (STATE == "D") blocked(p)
  if (PURPOSE == "candidates") { if (STATE == "D" && !kernel_thread()) CAND[p] = 1; if (p != t && STATE == "D") DTHREAD[p, t] = 1; return }
  if (!(p in SUSPECT)) return
  if (p == t) { LOOKS[p]++; if (!(p in OLD)) OLD[p] = x; NEW[p] = x }
  else if (STATE == "D" || STATE == "R") SHOWN[p, t] = 1
  if (!((p, t) in TNAME)) { TIDS[p] = TIDS[p] " " t }
  TNAME[p, t] = COMM; TSTATE[p, t] = STATE
  if (STATE !~ /[RSD]/) STATE = "O"
  T[p, t, STATE]++
  # The call of a thread that has been outdone is not that of the one that counts now.
  if (!(p in SAW) || index("OSRD", STATE) > index("OSRD", SAW[p])) { SAW[p] = STATE ""; delete MET[p] }
}
function start_of(x,   s) { parse(x); s = START; return s }
# The stack pointer and the program counter say nothing about disks.
function got_call(p, t, x,   f, n, i, y) {
  n = split(x, f, " "); y = f[1]
  for (i = 2; i <= 7 && i <= n; i++) y = y " " f[i]
  if (index(SYNCS, " " f[1] " ")) FLUSH[p]++
  if ((p in SAW) && TSTATE[p, t] == SAW[p] && f[1] ~ /^[0-9]/) MET[p] = f[1] ""
  bag("call " p, t " " y)
  # A descriptor that a call names is looked at even where there are too many to look at all.
  if (f[2] ~ /^0x[0-9a-f][0-9a-f]?[0-9a-f]?[0-9a-f]?$/ && !((p, f[2]) in CALLED)) { CALLED[p, f[2]] = 1; FDS_CALLED[p] = FDS_CALLED[p] " " f[2] }
}
function got_wchan(p, t, x) { if (x ~ FLUSHES) FLUSH[p]++; bag("wchan " p, t " " x) }
function got_status(p, x,   f) {
  if (substr(x, 1, 5) == "Tgid:") { split(x, f, " "); if (f[2] != p) { THREAD[p] = 1; delete FRESH[p]; delete I[p]; delete D[p]; delete S[p] } }
  if ((p in SUSPECT) && x ~ /^(Uid|VmRSS|VmSwap|FDSize):/) {
    split(x, f, " ")
    if (f[1] == "FDSize:") { FDSIZE[p] = f[2]; return }
    if (f[1] == "Uid:") { UIDS[f[2]] = 1; x = f[1] " " f[2] " " f[3] " " f[4] " " f[5] }
    gsub(/[ \t]+/, " ", x)
    STATUS[p] = add(STATUS[p], "status " x)
  }
}
function got_cgroup(p, x,   f) {
  split(x, f, ":")
  if (f[1] == "0" || f[2] == "name=systemd" || f[2] ~ /(^|,)(blkio|memory)(,|$)/) CGROUP[p] = add(CGROUP[p], "cgroup " x)
  if (f[1] == "0") { sub(/^0::/, "", x); CGPATH[x] = 1; return }
  if (f[2] !~ /(^|,)(blkio|memory)(,|$)/ || f[3] == "/") return
  sub(/^[^:]*:[^:]*:/, "", x)
  if (f[2] ~ /blkio/) BLKPATH[x] = 1; else MEMPATH[x] = 1
}

# ---- suspects: at most ten, by three fixed orderings
function pick(   p, i, n, files, threads) {
  pass_io("", 1)
  if (ODD != "") heads("exec head -v -n 16" ODD, "candidates")
  NOPENS = TOTAL - READABLE
  for (p in I) {
    if (!(p in S)) continue
    parse(S[p])
    if (ours()) { delete I[p]; delete A[p]; continue }
    if (START >= OPENED && !(p in FRESH)) FRESH[p] = 1
    if (delta(p) > 0 && !kernel_thread() && bytes() > 0) top("bytes", p, bytes(), 10)
    if (THREADS > 1 && p in I) top("threaded", p, bytes(), 32)
  }
  # A second look at who is blocked; of processes with threads, at all threads.
  for (p in CAND) files = files " " p "/stat " p "/syscall " p "/wchan"
  for (i = 1; i <= N["threaded"]; i++) { p = P["threaded", i]; parse(S[p]); if ((threads += THREADS) <= 512) files = files " " p "/task/[0-9]*/stat" }
  if (N["threaded"] < 32 && BLOCKED > 0) for (p in S) {
    if (threads > 256) break
    # One thread, at the usual priority: told by a plain search, since a pattern over a thousand lines is dear.
    if (!(p in I) && !index(S[p], " 20 0 1 0 ") && index(S[p], ") S ")) { parse(S[p]); if (THREADS > 1 && THREADS < 65) { threads += THREADS; files = files " " p "/task/[0-9]*/stat" } }
  }
  if (files != "") heads("exec head -v -n 16" files, "candidates")
  # Who is at work without a byte to show for it, as whoever renames files is.
  for (i = 1; i <= N["active"]; i++) if (!(P["active", i] in CAND)) top("running", P["active", i], 1, 2)
  # Where memory is swapped, the largest.
  if (SWAPPED >= 0 && swapped() - SWAPPED >= 64) for (p in S) { parse(S[p]); if (F[22] > 4096 && !ours()) top("memory", p, F[22], 3) }
  for (p in CAND) {
    if (!(p in S)) continue
    n = delta(p) > 0 ? bytes() : 0
    top("blocked", p, D[p] * 1e15 + n, 10)
    if (p in FLUSH) top("flush", p, FLUSH[p] * 1e15 + n, 10)
  }
  choose("memory", 3); choose("bytes", 6); choose("blocked", 8); choose("flush", 10); choose("running", 10); choose("bytes", 10); choose("blocked", 10)
  for (i = 1; i <= CHOSEN; i++) { p = WHO[i]; M[p] = (p in I) ? I[p] : A[p]; if (M[p] == "") delete M[p] }
  PICKED = 1
  if (CHOSEN) { look(detail_files(1), 70); open_files() }
}
function choose(k, upto,   i) { for (i = 1; i <= N[k] && CHOSEN < upto; i++) if (!(P[k, i] in SUSPECT)) { SUSPECT[P[k, i]] = 1; WHO[++CHOSEN] = P[k, i] } }

# A look at all suspects in one go. State, call and wait first: a stack takes the longest.
function detail_files(first,   i, p, n, f, j, t, a, b) {
  DETAILS++
  for (i = 1; i <= CHOSEN; i++) {
    p = WHO[i]
    if (p in REUSED) continue
    parse(S[p])
    # Many threads: all of them on two looks, in between only those that were seen at work.
    if (THREADS > 64) { if (!(p in CAPPED)) CAPPED[p] = THREADS }
    if (THREADS > 1 && (THREADS <= 64 || DETAILS == 1 || DETAILS == 4)) a = a " " p "/task/[0-9]*/stat"
    else a = a " " p "/stat"
    a = a " " p "/syscall " p "/wchan"
    if (first || (TSTATE[p, p] == "D" && DETAILS % 2)) b = b " " p "/stack"
    n = split(TIDS[p], f, " ")
    t = 0
    for (j = 1; j <= n; j++) if (f[j] != p && TSTATE[p, f[j]] == "D" && t++ < 16) {
      if (THREADS > 64) a = a " " p "/task/" f[j] "/stat"
      a = a " " p "/task/" f[j] "/syscall " p "/task/" f[j] "/wchan"
      if (t <= 4) b = b " " p "/task/" f[j] "/stack"
    }
    if (first) b = b " " p "/status " p "/cgroup"
    if (first || PICKED == 2) a = a " " p "/schedstat"
  }
  # Kernel threads that carry I/O for others are no suspects, but how often they wait is worth knowing.
  for (i = 1; i <= CARRIED; i++) a = a " " CARRIER[i] "/stat"
  return a (EUID ? "" : b) (EUID && first ? b : "")
}
function look(files, lines) { if (DUE != "") CGTIME = uptime(); files = files DUE; DUE = ""; if (files != "") heads("exec head -v -n " lines files, "look") }

# ---- open files of suspects: links by `ls`, position and flags by fdinfo
function list_fds(   i, j, n, p, f, c) {
  for (i = 1; i <= CHOSEN; i++) {
    p = WHO[i]
    c = c " " p "/exe " p "/cwd"
    if (FDSIZE[p] <= 256) c = c " " p "/fd"
    else {
      # A process with thousands of files: the first 256, and those that its calls name.
      for (j = 0; j < 256; j++) c = c " " p "/fd/" j
      n = split(FDS_CALLED[p], f, " ")
      for (j = 1; j <= n && j < 16; j++) if (hex(f[j]) > 255) c = c " " p "/fd/" hex(f[j])
    }
  }
  return c
}
function hex(s,   i, v) { s = substr(s, 3); for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1; return v + 0 }
function read_links(c,   x, p, n, got, q) {
  OWN++
  while ((c | getline x) > 0) {
    if (x == "END") break
    got = 1
    if (x ~ /^[0-9]+\/fd:$/) { p = x + 0; continue }
    if (!match(x, / [0-9a-z\/]+ -> /)) continue
    n = substr(x, RSTART + 1, RLENGTH - 5); x = substr(x, RSTART + RLENGTH)
    if (n ~ /\/exe$/) { EXE[n + 0] = x; continue }
    if (n ~ /\/cwd$/) { CWD[n + 0] = x; continue }
    if (n ~ /\//) { split(n, q, "/"); link(q[1], q[3], x) } else link(p, n, x)
  }
  return got
}
function link(p, n, target,   i) {
  TOTALFDS[p]++
  if ((p, n) in TARGET && TARGET[p, n] == target) return
  i = interesting(target)
  if (!i && !named(p, n)) return
  # One that a call names is worth more than those that came before it.
  if ((SHOWNFDS[p] >= 40 || length(FDTEXT[p]) > 8192) && !(SHOWNFDS[p] < 48 && named(p, n))) { FDCAP[p] = 1; return }
  if (!((p, n) in TARGET)) { SHOWNFDS[p]++; FDLIST[p] = FDLIST[p] " " n }
  TARGET[p, n] = target
  FDTEXT[p] = add(FDTEXT[p], "fd " n " " target)
  if (i == 2) WITHINFO[p, n] = 1
}
# Files that can be on a disk. Block devices count, terminals and the like do not.
function interesting(t) {
  if (t ~ /^anon_inode:.*io_uring/) return 1
  if (t !~ /^\// || t ~ /^\/(proc|sys)\//) return 0
  if (t ~ /^\/dev\// && t !~ /^\/dev\/(sd|hd|vd|xvd|nvme|dm-|md|loop|mmcblk|mapper|nbd|rbd|drbd|bcache|zd|zram|disk)/) return 0
  return 2
}
function named(p, n,   f, i, k) { k = split(FDS_CALLED[p], f, " "); for (i = 1; i <= k && i < 64; i++) if (hex(f[i]) == n + 0) return 1; return 0 }
function info_files(   i, j, n, p, f, c) {
  for (i = 1; i <= CHOSEN; i++) { p = WHO[i]; n = split(FDLIST[p], f, " "); for (j = 1; j <= n; j++) if ((p, f[j]) in WITHINFO) c = c " " p "/fdinfo/" f[j] }
  return c
}
function limits(path, names,   f, i, n, c) { n = split(names, f, " "); for (i = 1; i <= n; i++) c = c " " quote(path "/" f[i]); return c }
function cgstat_files(   g, c, n) {
  if (CGROOT != "") for (g in CGPATH) if (g != "/" && n++ < 10) c = c limits(CGROOT g, "io.stat io.max memory.max memory.current")
  # Version 1: what holds a process back, and where it stands.
  if (BLKROOT != "") for (g in BLKPATH) if (n++ < 20) c = c limits(BLKROOT g, "blkio.throttle.read_bps_device blkio.throttle.write_bps_device blkio.throttle.read_iops_device blkio.throttle.write_iops_device")
  if (MEMROOT != "") for (g in MEMPATH) if (n++ < 30) c = c limits(MEMROOT g, "memory.limit_in_bytes memory.usage_in_bytes")
  return c
}
function open_files(   c, got_any) {
  c = "ls -ln" ESC list_fds(); got_any = read_links(c); close(c)
  # busybox has no -b.
  if (!got_any && ESC != "") { ESC = ""; c = "ls -ln" list_fds(); read_links(c); close(c) }
  own_mounts()
  # Their position and flags come with the next look.
  DUE = info_files() cgstat_files()
}
function own_mounts(   x, f, n) {
  while ((getline x < "self/mountinfo") > 0) { OURS[++n] = x; split(x, f, " "); ID[f[1]] = x; if (x ~ / - cgroup2 /) CGROOT = f[5]; else if (x ~ / - cgroup .*[ ,]blkio/) BLKROOT = f[5]; else if (x ~ / - cgroup .*[ ,]memory/) MEMROOT = f[5] }
  close("self/mountinfo"); MOUNTCOUNT = n
}

# ---- the end of the window
function finish(   c, i, p, k, files, x, f, payload) {
  UP_B = uptime()
  # The ticker is not needed any more.
  pass_io("kill " TICKER "; ")
  for (p in I) {
    if (p in THREAD) { delete I[p]; continue }
    if (!(p in S)) { if (k++ < 200) files = files " " p "/stat" }
    # Children of kthreadd apart: few bytes, but they are the carriers.
    else if (delta(p) > 0) { if (S[p] ~ /\) [A-Z] 2 /) top("carrying", p, bytes(), 8); else top("busiest", p, bytes(), 24) }
  }
  for (p in D) { if (D[p] > 0) top("waiting", p, D[p] * 1e15 + (delta(p) > 0 ? bytes() : 0), 14) }
  for (i = 1; i <= N["busiest"]; i++) LISTED[P["busiest", i]] = 1
  for (i = 1; i <= N["carrying"]; i++) LISTED[P["carrying", i]] = 1
  for (i = 1; i <= N["waiting"]; i++) LISTED[P["waiting", i]] = 1
  for (i = 1; i <= CHOSEN; i++) LISTED[WHO[i]] = 1
  for (p in LISTED) if (!(p in SUSPECT)) files = files " " p "/stat"
  for (i = 1; i <= N["memory"]; i++) if (P["memory", i] in SUSPECT) files = files " " P["memory", i] "/status"
  latecomers()
  PICKED = 2
  files = detail_files(0) new_files() files info_files() cgstat_files() block_files()
  c = "printf \"%s\\n\"" slaves() "; ls -ln" ESC list_fds() "; echo END; " "exec head -v -n 24 " files
  if (CGSTAT != "") frame("cgstat", "a", "uptime " CGTIME "\n" CGSTAT)
  CGSTAT = ""; CGTIME = UP_B
  while ((c | getline x) > 0) { if (x ~ /^\/sys\/block\/.*\/slaves\/[^*]/) BLOCK = add(BLOCK, x); else if (x == "/") break }
  read_links(c)
  heads(c, "b")
  # Processes that came after the middle have been seen only now.
  print_procs()
  for (i = 1; i <= CHOSEN; i++) print_suspect(WHO[i])
  print_mounts()
  if (BLOCK != "") frame("block", "", BLOCK)
  if (CGSTAT != "") frame("cgstat", "b", "uptime " CGTIME "\n" CGSTAT)
  payload = "processes " TOTAL
  if (NOPENS > 0) payload = add(payload, "unreadable " NOPENS)
  if (TOTAL >= CAP || SEEN > CAP) payload = add(payload, "capped-processes " CAP " " CROWDSIZE)
  if (DEVICES > 64) payload = add(payload, "capped-devices 64 " DEVICES)
  for (p in CAPPED) payload = add(payload, "capped-threads " p " 64 " CAPPED[p])
  for (p in FDCAP) payload = add(payload, "capped-fds " p " " SHOWNFDS[p] " " TOTALFDS[p])
  frame("note", "", payload)
  safe_files("b")
  safe_file("b", "pressure/io", 1)
  safe_file("b", "swaps", 1)
  safe_file("b", "uptime", 1)
  payload = ""
  while ((getline x < "diskstats") > 0) { split(x, f, " "); if (!(x in BASE) && x !~ / 0 0 0 0 0 0 0 0 0 0 0( |$)/ || f[12] > 0) payload = add(payload, x) }
  close("diskstats")
  frame("file", "b /proc/diskstats", payload)
  fflush()
  names()
  fflush()
}
# Who moved more than any suspect, but only after those were chosen: one look, its threads first.
function latecomers(   i, p, most, files, before) {
  for (i = 1; i <= CHOSEN; i++) if (delta(WHO[i]) > 0 && bytes() > most) most = bytes()
  before = CHOSEN
  for (i = 1; i <= N["busiest"] && CHOSEN < before + 2; i++) {
    p = P["busiest", i]
    if (p in SUSPECT || !(p in S) || V["busiest", i] < most / 2 || V["busiest", i] < 1048576) continue
    parse(S[p])
    if (ours()) continue
    SUSPECT[p] = 1; WHO[++CHOSEN] = p
    top("bytes", p, V["busiest", i], 12)
    files = files " " p "/stat " p "/status " p "/cgroup"
    if (THREADS > 1 && THREADS <= 256) files = files " " p "/task/[0-9]*/stat"
  }
  if (files == "") return
  heads("exec head -v -n 24" files, "look")
  read_links("ls -ln" ESC list_fds())
}
function print_procs(   p, i, line, out, how, k, g, count) {
  for (p in I) ALL[p] = 1
  for (p in D) if (D[p] > 0) ALL[p] = 1
  for (p in FRESH) ALL[p] = 1
  for (p in ALL) {
    if (p in THREAD || !(p in S)) continue
    parse(S[p])
    if (ours()) continue
    if (START >= OPENED && !(p in FRESH)) FRESH[p] = 0
    k = delta(p)
    if (k <= 0 && !D[p] && !(p in FRESH)) continue
    how = k < 0 ? "x" : LIVE[p] != PASS ? "g" : (p in FRESH) ? "n" : "p"
    if (k < 0) for (i = 1; i <= 7; i++) Q[i] = 0
    if (p in LISTED && count < 64) {
      count++
      line = p " " PPID " " START " " how " " STATE " " D[p] + 0 " " FLAGS " " THREADS
      for (i = 1; i <= 7; i++) line = line " " (how == "x" ? "-" : int_(Q[i]))
      out = add(out, line " " COMM)
    } else {
      g = PPID " " COMM
      if (!(g in GROUPED)) { if (GROUPS >= 23) g = "- *"; else GROUPS++ }
      GROUPED[g]++; GR[g] += Q[5]; GW[g] += Q[6]; GC[g] += Q[7]; GSR[g] += Q[3]; GSW[g] += Q[4]
    }
  }
  for (g in GROUPED) { i = index(g, " "); out = add(out, "+ " GROUPED[g] " " substr(g, 1, i - 1) " " int_(GR[g]) " " int_(GW[g]) " " int_(GC[g]) " " int_(GSR[g]) " " int_(GSW[g]) " " substr(g, i + 1)) }
  frame("procs", UP_A " " UP_B, out)
}
function why(p,   w, i, k, q) {
  split("bytes blocked flush memory running", k, " ")
  for (q = 1; q <= 5; q++) for (i = 1; i <= N[k[q]]; i++) if (P[k[q], i] == p) w = w (w == "" ? "" : ",") k[q]
  if (p in FRESH) w = w (w == "" ? "" : ",") "new"
  return w
}
# Between the first look and the last: its own clock ticks on a CPU, those of children that it reaped, major faults, pages resident
# before and after, page faults of reaped children (whoever ran a program has some); bytes charged since it was chosen.
function spent(p,   a, b, i) {
  parse(OLD[p]); for (i = 9; i <= 15; i++) a[i] = F[i]; a[22] = F[22]
  parse(NEW[p])
  i = "spent " int_(F[12] + F[13] - a[12] - a[13]) " " int_(F[14] + F[15] - a[14] - a[15]) " " int_(F[10] - a[10]) " " int_(a[22]) " " int_(F[22]) " " int_(F[9] - a[9])
  if (!(p in M)) return i
  split(M[p], a, " "); split((p in I) ? I[p] : M[p], b, " ")
  return i " " int_(b[10] - a[10]) " " int_(b[12] - a[12] - (b[14] - a[14]))
}
function print_suspect(p,   out, n, f, i, t, q, start) {
  if (!(p in S) || p in REUSED) return
  parse(S[p]); start = START
  out = "why " why(p)
  out = add(out, "samples " LOOKS[p] + 0)
  if (STATUS[p] != "") out = add(out, STATUS[p])
  if (CGROUP[p] != "") out = add(out, CGROUP[p])
  if (p in OLD) out = add(out, spent(p))
  # The same time on a CPU to the nanosecond, of its first thread: what hardly needs any is told from what needs none.
  if (p in RUN) out = add(out, "ran " int_(RUN[p] - RAN[p]))
  if (p in COURSE) out = add(out, "course " COURSE[p])
  parse(S[p]); q = PPID
  for (i = 0; i < 4 && q > 0 && (q in S); i++) { parse(S[q]); out = add(out, "parent " q " " COMM); q = PPID }
  n = split(TIDS[p], f, " ")
  t = 0
  for (i = 1; i <= n; i++) if (f[i] == p || (((p, f[i]) in SHOWN) && t++ < 32))
    out = add(out, "thread " f[i] " " T[p, f[i], "R"] + 0 " " T[p, f[i], "S"] + 0 " " T[p, f[i], "D"] + 0 " " T[p, f[i], "O"] + 0 " " TNAME[p, f[i]])
  if (SIZE["call " p]) out = add(out, unbag("call", "call " p, 12))
  if (SIZE["wchan " p]) out = add(out, unbag("wchan", "wchan " p, 8))
  if (SIZE["stack " p]) out = add(out, unbag("stack", "stack " p, 6))
  out = add(out, "fdescape " (ESC == "" ? "none" : "b"))
  if (p in CWD) out = add(out, "cwd " CWD[p])
  if (FDTEXT[p] != "") out = add(out, FDTEXT[p])
  n = split(FDLIST[p], f, " ")
  for (i = 1; i <= n; i++) if (FDINFO[p, f[i]] != "") out = add(out, FDINFO[p, f[i]])
  if (p in FDCAP || FDSIZE[p] > 256) out = add(out, "fds " SHOWNFDS[p] + 0 " " (FDSIZE[p] > 256 ? "-" : TOTALFDS[p]))
  frame("suspect", p " " start, out)
}
# Only the mounts that somebody needs: of the files, of the devices that did something.
# The mount with the longest mountpoint above a path.
function want_mount(path,   i, f, best, length_) {
  for (i = 1; i <= MOUNTCOUNT; i++) { split(OURS[i], f, " "); if ((f[5] == "/" || index(path "/", f[5] "/") == 1) && length(f[5]) >= length_) { best = f[1]; length_ = length(f[5]) } }
  # A copy: gawk 5.2 frees the number of a split line twice when it has become a key.
  if (best != "") WANTED[best ""] = 1
}
function print_mounts(   i, id, f, x, c, k, n, path, q, number, name, line) {
  # gawk 5.2 aborts on `in` of a local that nothing has made an array.
  split("", number)
  for (name in BUSY) number[BUSY[name]] = 1
  for (k in PREFIX) { split(k, q, SUBSEP); want_mount(TARGET[q[1], q[2]]) }
  # What a loop device stands on may be in memory or on a device that did nothing.
  n = split(BLOCK, line, "\n")
  for (i = 1; i <= n; i++) if (line[i] ~ /\/loop\/backing_file:/) { path = line[i]; sub(/^[^:]*:/, "", path); want_mount(path) }
  for (i = 1; i <= MOUNTCOUNT; i++) {
    split(OURS[i], f, " ")
    if (!(f[1] in WANTED) && !(f[3] in number)) continue
    if (LISTEDMOUNTS++ >= 60) break
    MOUNTED[OURS[i]] = 1; MOUNTS = add(MOUNTS, OURS[i])
  }
  # A mount of a container is in the mount table of its own processes.
  for (id in WANTED) if (!(id in ID) && (id in MOUNTOF) && !(MOUNTOF[id] in ELSEWHERE)) { ELSEWHERE[MOUNTOF[id]] = 1; c = c " " MOUNTOF[id] "/mountinfo" }
  if (c != "") heads("exec head -v -n 2000" c, "mounts")
  if (MOUNTS != "") frame("mounts", "", MOUNTS)
}
function relevant(name) { return name !~ /^(loop|ram|zram)[0-9]/ || name in BUSY }
function block_files(   d, c, s) {
  for (d in WHOLE) if (relevant(d)) {
    if (++DEVICES > 64) continue
    s = " /sys/block/" d "/"
    c = c s "dev" s "size" s "ro" s "removable" s "queue/rotational" s "queue/scheduler" s "queue/nr_requests"
    if (d ~ /^loop/) c = c s "loop/backing_file"
    else if (d ~ /^dm-/) c = c s "dm/name"
    else if (d ~ /^md/) c = c s "md/level"
    else c = c s "device/model"
    c = c s d "*/dev"
  }
  return c
}
function slaves(   d, c) { for (d in WHOLE) if (relevant(d)) c = c " /sys/block/" d "/slaves/*"; return c " /" }

# ---- last of all, because reading a command line can block on a hung disk
function names(   i, p, c, x, f, users, pods, n) {
  # /etc/passwd only: a directory service can hang.
  for (i in UIDS) n++
  while (n > 0 && (getline x < "/etc/passwd") > 0) { split(x, f, ":"); if (f[3] in UIDS) { users = add(users, f[3] " " f[1]); n-- } }
  close("/etc/passwd")
  if (users != "") frame("users", "", users)
  # The kubelet names the folder of the logs of a pod NAMESPACE_NAME_UID: those of the suspects are wanted, of maybe hundreds.
  for (i = 1; i <= CHOSEN; i++) if (CGROUP[WHO[i]] ~ /pod[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]/) pods = pods CGROUP[WHO[i]]
  if (pods != "") {
    gsub(/_/, "-", pods)
    x = "echo /var/log/pods/*"; n = 0
    if ((x | getline c) > 0) n = split(c, f, " ")
    close(x)
    c = ""
    for (i = 1; i <= n; i++) { x = f[i]; sub(/.*_/, "", x); if (x !~ /[\/*]/ && index(pods, "pod" x)) c = add(c, f[i]) }
    if (c != "") frame("pods", "", c)
  }
  c = ""
  for (i = 1; i <= CHOSEN; i++) { p = WHO[i]; if (ARGS || interpreter(p) != "") c = c " " p "/cmdline" }
  if (c == "") return
  # A line for an argument, its newlines replaced: no argument can forge that of another process.
  if (!command_lines("grep -zasHm 64 \"\"" c " | tr \"\\000\\n\" \"\\n\\002\""))
    # busybox grep has no -z.
    command_lines("for p in" c "; do tr \"\\n\\000\" \"\\002\\001\" <$p | tr \"\\001\" \"\\n\" | while IFS= read -r a; do echo \"$p:$a\"; done; done")
  for (i = 1; i <= CHOSEN; i++) {
    p = WHO[i]; n = ARGN[p] + 0
    if (!n || !(p in S)) continue
    x = program(interpreter(p), p, n)
    parse(S[p])
    if (x != "" && x !~ /^-/) frame("program", p " " START, substr(x, 1, 512))
    if (ARGS) frame("cmdline", p " " START, substr(redacted(p, n), 1, 1024))
  }
}
function command_lines(c,   x, p, got) {
  while ((c | getline x) > 0) {
    p = x + 0; sub(/^[0-9]+\/cmdline:/, "", x); gsub(/[\002\r]/, " ", x)
    got = 1
    if (ARGN[p] < 64) ARG[p, ++ARGN[p]] = substr(x, 1, 1024)
  }
  close(c)
  return got
}
# Whose command line names what a person would call it.
function interpreter(p,   x) {
  x = EXE[p]; sub(/ \(deleted\)$/, "", x); sub(/.*\//, "", x)
  if (x == "" && p in S) { parse(S[p]); x = COMM }
  return match(x, /^(python|perl|ruby|node|java|php|bash|dash|sh|ash|ksh|zsh|busybox|lua|tclsh|Rscript|mono|dotnet|pypy|gunicorn|uwsgi)/) ? substr(x, 1, RLENGTH) : ""
}
# The script, jar, module or main class: the first argument that is no option. Code on the command line is never shown.
function program(kind, p, n,   i, a) {
  if (kind == "") return ""
  for (i = 2; i <= n; i++) {
    a = ARG[p, i]
    if (a == "") continue
    # The program comes from stdin: what follows are its arguments.
    if (a == "-") return ""
    if (a !~ /^-/) return kind == "busybox" && i == 2 && a ~ /^(sh|ash)$/ ? "" : a
    if (a == "--") return ARG[p, i + 1]
    if (kind == "java") {
      if (a == "-jar" || a == "-m" || a == "--module") return ARG[p, i + 1]
      if (a == "-cp" || a == "-classpath" || a == "--class-path" || a == "-p" || a == "--module-path" || a == "--add-modules" || a == "--add-opens" || a == "--add-exports") i++
      continue
    }
    if (kind ~ /^(python|pypy)/) { if (a ~ /^-[A-Za-z]*m$/) return ARG[p, i + 1]; if (a ~ /^-[A-Za-z]*m./ && a !~ /^--/) { sub(/^-[A-Za-z]*m/, "", a); return a }
      if (a ~ /^-[A-Za-z]*c/ && a !~ /^--/) return ""; if (a ~ /^-[WXQ]$/) i++; continue }
    if (kind == "node") { if (a ~ /^(-e|-p|-pe|--eval|--print)/) return ""; if (a ~ /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file)$/) i++; continue }
    if (kind == "perl") { if (a ~ /^-[A-Za-z0-9]*[eE]/) return ""; if (a == "-I") i++; continue }
    if (kind == "ruby") { if (a ~ /^-[a-z]*e/) return ""; if (a ~ /^-[IrC]$/) i++; continue }
    if (kind == "php") { if (a ~ /^(-r|-B|-R|-E)/) return ""; if (a == "-f") return ARG[p, i + 1]; if (a ~ /^-[cdz]$/) i++; continue }
    if (kind == "lua" || kind == "Rscript") { if (a ~ /^-e/) return ""; continue }
    # A shell that takes code from its command line or its stdin.
    if (a ~ /^-[A-Za-z]*[cs]/ && a !~ /^--/) return ""
    if (a ~ /^[-+][A-Za-z]*[oO]$/ || a ~ /^--(rcfile|init-file)$/) i++
  }
  return ""
}
# Secrets that people put on command lines. The same is done again where this arrives.
function redacted(p, n,   i, a, out, low, hide, j) {
  for (i = 1; i <= n; i++) {
    a = ARG[p, i]; low = tolower(a)
    if (hide) { a = "[redacted]"; hide = 0 }
    else if (low ~ /^-*[a-z0-9_.-]*(passw|pwd|secret|token|api-?_?key|access-?_?key|private-?_?key|credential|auth)[a-z0-9_.-]*$/ && low ~ /^-/) hide = 1
    else if (low ~ /(passw|pwd|secret|token|api-?_?key|access-?_?key|private-?_?key|credential|auth)[a-z0-9_.-]*[=:]/) { j = match(low, /(passw|pwd|secret|token|api-?_?key|access-?_?key|private-?_?key|credential|auth)[a-z0-9_.-]*[=:]/); a = substr(a, 1, RSTART + RLENGTH - 1) "[redacted]" }
    else if (ARG[p, 1] ~ /(mysql|mariadb)/ && a ~ /^-p./) a = "-p[redacted]"
    if (a ~ /:\/\/[^\/@ ]*:[^\/@ ]*@/) sub(/:\/\/[^\/@ ]*@/, "://[redacted]@", a)
    out = out (i == 1 ? "" : " ") a
  }
  sub(/ +$/, "", out)
  return out
}

# ---- the first lines carry the parameters and the disks of the opening, then every line is a tick
NR == 1 {
  NONCE = $1; WINDOW = $2; ARGS = $3 + 0; MAIN = $4; GROUP = $5; TICKER = $6; WATCHER = $7; EUID = $9 + 0
  SYNCS = $8 == "x86_64" ? " 74 75 26 162 277 306 " : $8 == "aarch64" ? " 81 82 83 84 227 267 " : " none "
  FLUSHES = "sync|flush|commit|jbd2|journal|transaction|log_force|wait_log|handle|writeback"
  ESC = "b"; CAP = 20000; LINES_ONLY = $10 == "mawk"
  next
}
!GOING && $1 != "go" { LINE[$3] = $0; BASE[$0] = 1; if ($12 == 0) IDLE[$0] = 1; next }
!GOING {
  GOING = 1
  UP_A = uptime(); OPENED = int(UP_A * 100)
  if ((getline x < "loadavg") > 0) { split(x, f, " "); LASTPID = f[5]; split(f[4], q, "/"); CROWDSIZE = q[2]; CROWD = q[2] > 20000 }
  close("loadavg")
  safe_files("a")
  SWAPPED = -1
  if ((getline x < "swaps") > 0 && (getline x < "swaps") > 0) SWAPPED = swapped()
  close("swaps")
  # From here on at the lowest priority, the main shell and its helpers too.
  pass_io("renice 19 -p $$ $PPID " MAIN " " TICKER (WATCHER == "-" ? "" : " " WATCHER) " >&2; echo /sys/block/*; ")
  OWN++
  fflush()
  next
}
/^Mem|^tick/ {
  up = uptime(); n = up - UP_A
  if (n >= WINDOW) { tick_disks(up); flush_ticks(); finish(); DONE = 1; exit 0 }
  tick_disks(up)
  if (!PICKED && n >= WINDOW * 0.4) { pick(); DETAILED = up; LOOKED = 0 }
  else if (up - LOOKED >= 0.48) {
    LOOKED = up
    if (CHOSEN && up - DETAILED >= WINDOW * 0.15) { DETAILED = up; look(detail_files(0) new_files(), 24) }
    else look(new_files(), 24)
  }
}
END { if (!DONE) exit 3 }
'
}

# Adds to $TREE the numbers of all processes below the main shell, without a fork.
descendants() {
  TREE='' TODO=$MAIN KNOWN=''
  if [ ! -e "$MAIN/task/$MAIN/children" ]; then
    # A kernel without this file: everybody in our process group, with the parent.
    for L in [0-9]*/stat; do
      { read -r L <"$L"; } 2>/dev/null || continue
      P=${L%% *}
      # shellcheck disable=SC2086 # fields
      set -- ${L##*) }
      if [ "${3:-}" = "$GROUP" ]; then KNOWN="$KNOWN $P:$2"; fi
    done
  fi
  while [ "$TODO" ]; do
    # shellcheck disable=SC2086 # a list of numbers
    set -- $TODO
    P=$1 KIDS=''
    shift
    TODO=$*
    { read -r KIDS <"$P/task/$P/children"; } 2>/dev/null
    for L in $KNOWN; do case $L in *:"$P") KIDS="$KIDS ${L%:*}" ;; esac; done
    if [ "$KIDS" ]; then TODO="$TODO $KIDS" TREE="$TREE $KIDS"; fi
    TODO=${TODO# }
  done
}

last_samples() { file b uptime; disks; if [ "$V" ]; then frame file "$V" 'b /proc/diskstats'; fi; }

# Own CPU time and that of all children that were waited for.
cost() { if slurp self/stat; then frame cost "stat $V"; fi; }

# Something broke: what builtins can still read, nothing left running, the reason.
partial() {
  trap - EXIT
  trap '' TERM HUP INT PIPE USR1 USR2
  descendants
  # shellcheck disable=SC2086 # a list of numbers
  if [ "$TREE" ]; then kill -KILL $TREE; fi
  # awk may have been cut in the middle of a frame.
  echo
  last_samples
  cost
  frame end '' "partial $1"
  exit 0
}

# TERM, USR1 or USR2 came while we were waiting.
stopped() { if [ ! "$FINISHED" ]; then partial "$1"; fi; }

# The line of /proc/PID/stat of process $1 into $L: several lines where the name has a newline.
stat_of() { { IFS= read -r L && while [ ${#L} -lt 90 ] && IFS= read -r V; do L="$L\\n$V"; done; } <"$1/stat"; }

# Fields of a /proc/PID/stat line in $L, after the last parenthesis.
stat_fields() {
  COMM=${L#*\(} COMM=${COMM%)*}
  # shellcheck disable=SC2086 # fields
  set -- ${L##*) }
  STATE=$1 PPID_=$2 PGRP=$3 FLAGS=$7 THREADS=${18:-1} START=${20:-0}
}

# /proc/PID/io of process $1 into $V: the seven numbers.
io_of() {
  V=
  { while read -r L N; do V="$V $N"; done <"$1/io"; } 2>/dev/null
  V=${V# }
  [ "$V" ]
}

# Without awk, or where not even a fork works: two samples by builtins, the top three by bytes, who is blocked.
# $1 = '' where forks work.
bare() {
  NOFORK=$1
  cpu_lines a; slurp uptime; UP_A=${V%% *}
  now; OPENED=$NOW; TOTAL=0; UNREADABLE=0; LIST=''
  for P in [0-9]*; do
    [ $((TOTAL += 1)) -le 3000 ] || continue
    if io_of "$P"; then eval "IO_$P=\$V"; LIST="$LIST $P"; else UNREADABLE=$((UNREADABLE + 1)); fi
  done
  STEP=0
  while now; [ $((NOW - OPENED)) -lt $((WINDOW * 100)) ]; do
    if [ "$TIMED_READ" ]; then
      # shellcheck disable=SC3045 # only shells that passed the test for -t come here
      read -r -t 1 L <&3; STEP=$NOW; now
      if [ $((NOW - STEP)) -lt 15 ]; then partial stdin-closed; fi
    elif [ "$NOFORK" ]; then
      # Nothing to wait with: half a second must do.
      if [ $((NOW - OPENED)) -ge 50 ]; then break; fi
    else
      sleep 1 & wait $!
    fi
  done
  slurp uptime; UP_B=${V%% *}
  ROWS='' TOP1='' TOP2='' TOP3='' B1=0 B2=0 B3=0 STUCK='' SHOWN=0
  for P in [0-9]*; do
    eval "A=\${IO_$P:-}"
    HOW=p
    if io_of "$P"; then B=$V; else B=''; fi
    { stat_of "$P"; } 2>/dev/null || continue
    stat_fields
    if [ "$PGRP" = "$GROUP" ]; then continue; fi
    if [ "$START" -ge "$OPENED" ]; then A='0 0 0 0 0 0 0' HOW=n; fi
    if [ ! "$B" ] || [ ! "$A" ]; then HOW=x; fi
    if [ "$HOW" = p ] && [ "$A" = "$B" ] && [ "$STATE" != D ]; then continue; fi
    if [ "$HOW" = x ] && [ "$STATE" != D ]; then continue; fi
    if [ "$HOW" = x ]; then DELTAS='- - - - - - -'; else
      # shellcheck disable=SC2086 # fields
      set -- $A $B
      DELTAS="$((${8} - $1)) $((${9} - $2)) $((${10} - $3)) $((${11} - $4)) $((${12} - $5)) $((${13} - $6)) $((${14} - $7))"
      case " $DELTAS" in *' -'*) continue ;; esac
      NET=$((${13} - $6 - ${14} + $7))
      if [ "$NET" -lt 0 ]; then NET=0; fi
      NET=$((NET + ${12} - $5))
      if [ $((FLAGS / 2097152 % 2)) = 0 ] && [ "$NET" -gt "$B3" ]; then
        if [ "$NET" -gt "$B1" ]; then B3=$B2 TOP3=$TOP2 B2=$B1 TOP2=$TOP1 B1=$NET TOP1=$P
        elif [ "$NET" -gt "$B2" ]; then B3=$B2 TOP3=$TOP2 B2=$NET TOP2=$P
        else B3=$NET TOP3=$P; fi
      fi
    fi
    BLOCKED=0
    if [ "$STATE" = D ]; then BLOCKED=1; if [ $((FLAGS / 2097152 % 2)) = 0 ] && [ ${#STUCK} -lt 40 ]; then STUCK="$STUCK $P"; fi; fi
    # Large ones are shown wherever they stand in the list.
    if [ $((SHOWN += 1)) -le 64 ] || [ "$TOP1" = "$P" ]; then ROWS="$ROWS$P $PPID_ $START $HOW $STATE $BLOCKED $FLAGS $THREADS $DELTAS $COMM$NL"; fi
  done
  frame procs "${ROWS%"$NL"}" "$UP_A $UP_B"
  WANTED=' '
  for P in $TOP1 $TOP2 $TOP3 $STUCK; do
    case " $DONE " in *" $P "*) continue ;; esac
    DONE="$DONE $P"
    bare_suspect
  done
  bare_mounts
  bare_block
  frame note "processes $TOTAL${NL}unreadable $UNREADABLE"
  cpu_lines b
  file b meminfo
}

cpu_lines() {
  V=
  { while read -r K L; do case $K in cpu*) V="$V$K $L$NL" ;; *) break ;; esac; done <stat; } 2>/dev/null
  if [ "$V" ]; then frame file "${V%"$NL"}" "$1 /proc/stat"; fi
}

bare_suspect() {
  { stat_of "$P"; } 2>/dev/null || return
  stat_fields
  R='why bytes'
  case "$STUCK " in *" $P "*) R='why blocked' ;; esac
  R="$R${NL}samples 1"
  { while IFS= read -r L; do case $L in Uid:*|Threads:*|PPid:*|VmRSS:*|VmSwap:*|FDSize:*) R="$R${NL}status $L" ;; esac; done <"$P/status"; } 2>/dev/null
  { while IFS= read -r L; do case $L in 0::*|*:name=systemd:*|*blkio*|*memory*) R="$R${NL}cgroup $L" ;; esac; done <"$P/cgroup"; } 2>/dev/null
  if slurp "$PPID_/comm"; then R="$R${NL}parent $PPID_ $V"; fi
  case $STATE in R) V='1 0 0 0' ;; S) V='0 1 0 0' ;; D) V='0 0 1 0' ;; *) V='0 0 0 1' ;; esac
  R="$R${NL}thread $P $V $COMM"
  if slurp "$P/syscall" && [ "$V" != running ]; then R="$R${NL}call 1 $P $V"; fi
  if slurp "$P/wchan" && [ "$V" != 0 ]; then R="$R${NL}wchan 1 $P $V"; fi
  R="$R${NL}fdescape none"
  if [ ! "$NOFORK" ]; then
    # The names of open files need `readlink`, which is no builtin: the one thing here that forks.
    V=$(ls -ln "$P/fd" 2>/dev/null)
    set -f; IFS=$NL
    for L in $V; do
      case $L in *' -> /dev/'*|*' -> /proc/'*|*' -> /sys/'*) ;; *' -> /'*)
        T=${L#* -> } N=${L%% -> *} N=${N##* }
        R="$R${NL}fd $N $T"
      esac
    done
    unset IFS; set +f
  fi
  N=0
  for F in "$P"/fdinfo/*; do
    if [ $((N += 1)) -gt 40 ]; then break; fi
    POS=- FL=- MNT=- INO=-
    { while read -r K V L; do case $K in pos:) POS=$V ;; flags:) FL=$V ;; mnt_id:) MNT=$V ;; ino:) INO=$V ;; esac; done <"$F"; } 2>/dev/null
    if [ "$POS" != - ]; then R="$R${NL}fdinfo b ${F##*/} $POS $FL $MNT $INO" WANTED="$WANTED$MNT "; fi
  done
  frame suspect "$R" "$P $START"
}

bare_mounts() {
  R='' N=0
  set -f
  # A mount of a container stands in the tables of its own processes only.
  for P in self $DONE; do
    { while IFS= read -r L; do
      # shellcheck disable=SC2086 # fields
      set -- $L
      # Without mnt_id every mount of a block device may be the one.
      case $WANTED in *" $1 "*) ;; *' - '*) case $3 in 0:*) continue ;; esac ;; *) continue ;; esac
      case $R in "$1 "*|*"$NL$1 "*) continue ;; esac
      if [ $((N += 1)) -le 60 ]; then R="$R$L$NL"; fi
    done <"$P/mountinfo"; } 2>/dev/null
  done
  set +f
  if [ "$R" ]; then frame mounts "${R%"$NL"}"; fi
}

bare_block() {
  R='' N=0
  for F in /sys/block/*; do
    case ${F##*/} in loop*|ram*|zram*) [ -e "$F/loop/backing_file" ] || continue ;; esac
    if [ $((N += 1)) -gt 64 ]; then break; fi
    for T in dev size ro removable queue/rotational queue/scheduler device/model loop/backing_file dm/name md/level; do
      if slurp "$F/$T"; then R="$R$F/$T:$V$NL"; fi
    done
    for T in "$F/${F##*/}"*/dev; do if slurp "$T"; then R="$R$T:$V$NL"; fi; done
    for T in "$F"/slaves/*; do if [ -e "$T" ]; then R="$R$T$NL"; fi; done
  done
  if [ "$R" ]; then frame block "${R%"$NL"}"; fi
}

# Which awk, by builtins: mawk is the cheapest; which one a plain `awk` is shows by its being the same file.
find_awk() {
  AWK='' AWK_KIND=none BUSYBOX=''
  for D in /usr/bin /bin /usr/sbin /sbin; do
    # shellcheck disable=SC3013 # dash, bash and busybox know -ef; where it is unknown the kind is "other"
    if [ -x $D/mawk ]; then AWK="$D/mawk -Winteractive" AWK_KIND=mawk; return
    elif [ ! "$AWK" ] && [ -x $D/awk ]; then
      AWK=$D/awk AWK_KIND=other
      for B in /usr/bin /bin; do
        if [ $D/awk -ef $B/busybox ]; then AWK_KIND=busybox; elif [ $D/awk -ef $B/gawk ]; then AWK_KIND=gawk; fi
      done
    elif [ ! "$BUSYBOX" ] && [ -x $D/busybox ]; then BUSYBOX=$D/busybox
    fi
  done
  if [ ! "$AWK" ] && [ "$BUSYBOX" ]; then AWK="$BUSYBOX awk" AWK_KIND=busybox; fi
}

whodisk() {
  NONCE=$1 WINDOW=$2 DEADLINE=$3 ARGS=$4 PRIVILEGE=${5:-user}
  NL='
'
  PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C
  export PATH LC_ALL
  unset ENV BASH_ENV CDPATH GREP_OPTIONS POSIXLY_CORRECT IFS
  umask 077
  cd /proc || exit 0
  FINISHED='' WATCHER='' TIMED_READ='' DONE=''

  # 1. Builtins only. /bin/awk and everything else may lie on the disk that hangs: this much arrives all the same.
  now; END=$((NOW + DEADLINE * 100))
  IFS= read -r L <self/stat
  MAIN=${L%% *}
  stat_fields
  GROUP=$PGRP
  EUID_=-
  while read -r K L V N; do if [ "$K" = Uid: ]; then EUID_=$V; break; fi; done <self/status
  # shellcheck disable=SC3045 # that is the question
  { read -r -t 1 L; } </dev/null 2>/dev/null
  if [ $? != 2 ]; then TIMED_READ=1; fi
  KIND='sh'
  if [ "${BASH_VERSION:-}" ]; then KIND=bash; elif [ "$TIMED_READ" ]; then KIND=busybox; fi
  MACHINE=unknown
  if [ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-musl-x86_64.so.1 ]; then MACHINE=x86_64
  elif [ -e /lib/ld-linux-aarch64.so.1 ] || [ -e /lib/ld-musl-aarch64.so.1 ]; then MACHINE=aarch64; fi
  find_awk
  MODE='awk'
  if [ ! "$AWK" ]; then MODE=bare; fi
  frame hello "version 1${NL}shell $KIND${NL}awk $AWK_KIND${NL}mode $MODE${NL}privilege $PRIVILEGE${NL}euid $EUID_${NL}pid $MAIN${NL}machine $MACHINE"
  file a sys/kernel/random/boot_id
  file a sys/kernel/osrelease
  file a uptime
  disks; DISKSTATS=$V
  if [ "$V" ]; then frame file "$V" 'a /proc/diskstats'; fi
  file a pressure/io

  # Four ticks a second, at most about sixty in all.
  INTERVAL_CS=25
  if [ "$WINDOW" -gt 15 ]; then INTERVAL_CS=$((WINDOW * 100 / 60)); fi
  INTERVAL=$((INTERVAL_CS / 100)).$((INTERVAL_CS / 10 % 10))$((INTERVAL_CS % 10))

  # 2. From here on we fork. What can go wrong has an end of its own; what the shell says of its jobs is of no use.
  exec 2>/dev/null
  trap 'stopped signal' TERM HUP INT
  trap 'stopped stdin-closed' USR1
  trap 'stopped deadline' USR2
  trap 'no_fork' EXIT
  BORROWED=''
  if [ ! "$TIMED_READ" ] && [ "$AWK" ] && [ -x /bin/bash ]; then BORROWED=1; fi
  if [ ! "$TIMED_READ" ] && [ ! "$BORROWED" ]; then
    watcher &
    WATCHER=$!
  fi
  if [ "$AWK" ]; then
    ticker | sample &
    SAMPLER=$!
    wait "$SAMPLER"
    STATUS=$?
  else
    STATUS=127
  fi
  # 3. The end. An awk that could not be run, or could not fork, leaves its work to the builtins.
  case $STATUS in
    0) ;;
    126|127) bare ''; last_samples ;;
    1|2) no_fork ;;
    *) partial signal ;;
  esac
  FINISHED=1
  trap - EXIT
  if [ "$WATCHER" ]; then kill "$WATCHER" 2>/dev/null; fi
  wait
  cost
  frame end '' complete
  exit 0
}

# dash ends a script that cannot fork, but runs its EXIT trap.
no_fork() {
  trap - EXIT
  if [ ! "$FINISHED" ]; then bare 1; partial fork-failed; fi
}
