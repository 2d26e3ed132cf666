# SPDX-License-Identifier: GPL-3.0-or-later
# busybox sh applets.sh INPUT PORT: applets at work, in an empty folder. INPUT has text/ (source files) and package.deb.
# Each section begins with a line "== NAME"; all that is written is the same on every machine.
input=$1 port=$2
export LC_ALL=C TZ=UTC0
text=$input/text

section() { echo "== $1"; }

section 'sh: words and arithmetic'
for i in 1 2 3 4 5; do total=$((total + i * i)); done
echo "$total $((total % 7)) $((1 << 20)) $((0x1f ^ 3)) $((-7 / 2)) $((total > 50 ? 1 : 2))"
path=/usr/local/lib/archive.tar.gz
echo "${path##*/} ${path%%.*} ${path%/*} ${#path} ${path/local/share} ${unset:-default} ${path:5:5}"
set -- one 'two words' three
echo "$# $2 $*"
for word; do printf '<%s>' "$word"; done
printf '%5d|%-8s|%08.3f|%x|%c|%b\n' 42 left 3.14159 255 char 'a\tb'
IFS=:; set -- $(echo a:b:c); unset IFS
echo "$3$2$1"

section 'sh: functions, control, traps'
fibonacci() { if [ "$1" -lt 2 ]; then echo "$1"; else echo $(($(fibonacci $(($1 - 1))) + $(fibonacci $(($1 - 2))))); fi; }
fibonacci 11
kind() { case $1 in [0-9]*) echo number ;; *.c | *.h) echo source ;; '') echo nothing ;; *) echo other ;; esac; }
kind 12; kind a.h; kind ''; kind -
while read -r name value; do echo "$value=$name"; done <<END
first 1
second 2
END
(trap 'echo ended $?' EXIT; exit 3); echo "status $?"
(trap 'echo got TERM; exit 4' TERM; kill -TERM "$(exec sh -c 'echo $PPID')"; sleep 5); echo "status $?"
(set -e; false; echo never); echo "status $?"
while getopts ab:c option -a -b value -c; do echo "option $option $OPTARG"; done
echo one two three | { read -r a rest; echo "$rest then $a"; }
false | true; echo "$?"
for n in 3 1 2; do (sleep 0.0$n; exit $n) & done; wait; echo "waited $?"
sh -c 'echo nested $0 $1' name argument
eval 'x=5; echo $((x * x))'
local_test() { local x=7; echo $x; }; local_test; echo $x
test -d / && [ abc \< abd ] && [ 3 -ge 3 ] && echo tests
i=0; until [ $i -ge 2000 ]; do i=$((i + 1)); [ $((i % 3)) = 0 ] && continue; done; echo $i

section 'awk'
awk '{ for (i = 1; i <= NF; i++) count[$i]++ } END { for (w in count) if (count[w] > 30) print count[w], w }' $text/*.c | sort
awk 'BEGIN { x = 1; for (i = 0; i < 30; i++) x = (x + 2 / x) / 2; printf "%.15f %.3e %a\n", x, x * 1e200, x; print int(-3.7), substr("hello", 0), -3 % 2 }'
awk 'BEGIN { printf "%d %e %g %x %o %5.2f|%-6s|%c\n", 3.99, 12345.678, 1e-5, 255, 8, 2.345, "ab", 65; print 1 / 3, 2 ^ 40, 1e300 * 10, 17 % 5 }'
awk 'function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } BEGIN { print f(18) }'
awk -F'[(),]' '/define|include/ { gsub(/[a-z]+/, "<&>"); print NF, $0 }' $text/*.c | head -n 20
awk 'BEGIN { s = "one,two,,three"; n = split(s, parts, ","); for (i = n; i; i--) print i, parts[i], length(parts[i]); print toupper(substr(s, 5, 3)), index(s, "three"), match(s, /t[a-z]+e/), RSTART, RLENGTH }'
seq 1 20000 | awk '{ sum += $1; if ($1 ~ /7/) sevens++ } END { print sum, sevens }'
awk 'BEGIN { while (("echo a; echo b" | getline line) > 0) print "read " line; print "x" | "cat"; close("cat"); "date -u -d @86400 +%Y" | getline year; print year }'

section 'sed'
sed -n '/^#/p' $text/*.c | sed 's/#\([a-z]*\)/[\1]/; y/abc/ABC/' | head -n 30
sed -e '1,5d' -e '$!N;s/\n/ + /' -e 's/[aeiou]//3g' "$text/signals.c" | head -n 20
printf 'a\nb\nc\n' | sed -n '1!G;h;$p'
printf 'a=1\nb=2\n' | sed -E 's/^([a-z])=([0-9])$/\2:\1/; /2/a after' 
printf 'aaa bbb\n' | sed ':x;s/a/c/;tx;s/b/B/2'
cp "$text/timers.c" edited && sed -i 's/alarm/ALARM/g; 3i\inserted' edited && md5sum edited

section 'grep'
grep -n 'int ' $text/*.c | sed 's/.*text.//' | head -n 40
grep -cE '^(static|int)' $text/*.c | sed 's/.*text.//'
grep -ow '[a-z]*_t' $text/*.c | sed 's/.*text.//' | sort | uniq -c
grep -A1 -B2 -m2 return "$text/callbacks.c"; grep -F '*(' "$text/signals.c"; grep -vi e "$text/hop.h"
grep -q nothing-like-it "$text/hop.h"; echo "status $?"
grep -rl hop_left "$text" | wc -l

section 'sort, uniq, cut, tr and other lines'
tr -cs 'A-Za-z' '\n' <"$text/threads.c" | tr A-Z a-z | sort | uniq -c | sort -k1,1nr -k2 | head -n 25
seq 1 300 | sort -r | head -n 5; seq 1 300 | sort -n -r | tail -n 2; printf '3 b\n3 a\n1 z\n' | sort -k1,1n -s
printf 'b\na\nb\nc\na\n' | sort -u; printf 'x\nx\ny\n' | uniq -d; printf 'a10\na9\na1\n' | sort -V
cut -d: -f1,3 <<END
a:b:c
d:e:f
END
cut -c2-4 "$text/hop.h" | head -n 3; tac "$text/hop.h" | rev | head -n 4
paste -d, "$text/hop.h" "$text/timers.c" | head -n 4; nl "$text/hop.h" | head -n 5; fold -w 20 "$text/hop.h" | head -n 6
expand -t 4 "$text/hop.h" | head -n 3; seq -s ' ' 5 -1 1; seq 1 .25 2; wc "$text/hop.h" | tr -s ' ' | cut -d' ' -f2-4
head -c 30 "$text/hop.h"; echo; tail -c 30 "$text/hop.h"; seq 10 | tail -n +8; seq 12 | xargs -n 5 echo
printf 'a\r\nb\r\n' | dos2unix | od -c; echo 'one two' | tee copy | wc -c; cat copy

section 'expr, bc, dc, factor'
expr 12 \* 12 + 5; expr length abcdef; expr substr abcdef 2 3; expr abc : 'a\(.\)c'; expr 7 % 4
echo 'scale=40; 4*a(1); e(1); s(1); l(10); sqrt(2); 2^200; 1/3' | bc -l
echo 'define f(n) { if (n < 2) return 1; return n * f(n - 1); }
f(60); 12345678901234567890 % 97' | bc; echo 'ibase=16; FF; obase=2; A5' | bc
echo 'for (i = 0; i < 5; ++i) { print i, " ", i^i, "\n" }; scale=10; (1.5 + 2.25) * 3' | bc
dc -e '20k 2v p 7 3 / p 2 100 ^ p [la 1 + d sa p 5 >m] sm 0 sa lm x'
factor 360 1000000007 18446744073709551557; ascii | head -n 3 >/dev/null; cal 2 2024; date -u -d @1700000000 '+%F %T %j %a'
ipcalc -n -b -m 192.168.7.9/20

section 'sums'
for sum in md5sum sha1sum sha256sum sha512sum sha3sum crc32; do $sum "$input/package.deb" | cut -d' ' -f1; done
(cd "$text" && sha256sum *.c) >sums; (cd "$text" && sha256sum -c - ) <sums
mkpasswd -m sha512 -S saltsalt password; mkpasswd -m md5 -S saltsalt password; mkpasswd -m des -S ab password

section 'od, hexdump, xxd, base64, strings'
head -c 100 "$input/package.deb" | od -A x -t x1; head -c 64 "$text/hop.h" | od -t d2 -t o1
head -c 64 "$text/hop.h" | hexdump -C; head -c 48 "$text/hop.h" | xxd; head -c 20 "$text/hop.h" | xxd -p | xxd -r -p
head -c 16 /dev/zero | od -t fD; printf '\0\0\200?\0\0\0\300' | od -t fF
base64 "$text/hop.h" | tail -n 3; base64 "$text/hop.h" | base64 -d | cmp - "$text/hop.h" && echo same
uuencode name <"$text/hop.h" | uudecode -o - | cmp - "$text/hop.h" && echo same; strings -n 12 "$input/package.deb" | head -n 3

section 'gzip, bzip2, xz, lzop'
cat $text/*.c >all; for i in 1 2 3 4 5 6 7 8; do cat all; done >more
for level in 1 6 9; do gzip -c -n -$level more | md5sum; bzip2 -c -$level more | md5sum; done
gzip -c more | zcat | cmp - more && echo gzip; bzip2 -c more | bunzip2 | cmp - more && echo bzip2
lzop -c more | lzop -d -c | cmp - more && echo lzop
ar p "$input/package.deb" data.tar.xz >data.tar.xz; xzcat data.tar.xz | md5sum; unxz -k data.tar.xz; ls; md5sum data.tar
head -c 1000 data.tar.xz | xz -d >/dev/null 2>errors; echo "status $?"; cat errors

section 'tar, cpio, ar, dpkg-deb'
mkdir tree && cp -r "$text" tree/text && ln -s text/hop.h tree/link && mkdir -m 700 tree/empty && find tree -exec touch -h -d '2020-02-02 02:02:02' {} +
tar -c -f tree.tar --numeric-owner tree; tar -t -f tree.tar | sort
tar -c -z -f tree.tgz tree; tar -c -j -f tree.tbz tree; mkdir out; tar -x -z -f tree.tgz -C out; diff -r tree out/tree && echo same
tar -x -O -j -f tree.tbz tree/text/hop.h | cmp - "$text/hop.h" && echo same; readlink out/tree/link; tar -x -J -f data.tar.xz -O ./bin/busybox | md5sum
(cd tree && find . | sort | cpio -o -H newc 2>/dev/null) >tree.cpio; mkdir out2; (cd out2 && cpio -i -d 2>/dev/null) <tree.cpio; diff -r tree out2 && echo same
cpio -t 2>/dev/null <tree.cpio | sort | head -n 5
ar t "$input/package.deb"; dpkg-deb -f "$input/package.deb" | head -n 1; dpkg-deb -c "$input/package.deb" | awk '{ print $NF }' | head -n 6
dd if=data.tar of=part bs=512 skip=7 count=3 2>/dev/null; md5sum part; truncate -s 100 part; stat -c '%s %A %F' part

section 'find and files'
find tree | sort; find tree -name '*.h' -o -type l | sort; find tree -type f -size +3 | sort; find tree -type d -perm 700
find tree -type f -exec grep -l 'setjmp' {} + | sort; find tree -name '*.c' | sort | xargs -n 4 echo; find tree -newer tree/link | wc -l
mkdir -p a/b/c; touch a/b/c/file; mv a/b z; cp z/c/file z/d; ls -1 -R z; rm -r z; ls -d z 2>&1; rmdir a; ln -s nowhere dangling; [ -e dangling ] || readlink dangling
chmod 640 all; stat -c '%a %s' all; basename /a/b.c .c; dirname /a/b.c; realpath tree/../all | sed 's/.*\///'
mkfifo fifo; (cat fifo | wc -c) & seq 1000 >fifo; wait

section 'diff, patch, cmp, ed, vi'
sed 's/alarm/buzzer/; 7d; $a\last' "$text/timers.c" >changed.c
diff -u "$text/timers.c" changed.c | sed 1,2d; diff "$text/hop.h" "$text/hop.h" && echo equal
diff -u -L a -L b "$text/timers.c" changed.c >changes; cp "$text/timers.c" patched.c; patch -i changes patched.c >/dev/null; cmp patched.c changed.c && echo patched
cmp -l "$text/timers.c" changed.c 2>/dev/null | head -n 3
printf '1,3p\n$a\nappended\n.\n,s/int/INT/\nw\nq\n' | ed changed.c; md5sum changed.c
export LINES=24 COLUMNS=80 TERM=vt100
vi -c ':%s/alarm/VI/g' -c ':2d' -c ':wq' patched.c </dev/null >/dev/null; md5sum patched.c
printf '3Gdd$x2GyyGpJr_kddP/itimer\nn~fi;rIdw:%%s/int/Int/g\nu:1,3w part\n:wq\n' | vi patched.c >/dev/null; md5sum patched.c; cat part; diff -L a -L b "$text/timers.c" patched.c

section 'processes'
sleep 100 & kill $!; wait $! 2>/dev/null; echo "status $?"
timeout 0.2 sleep 10; echo "status $?"; env -i A=1 B=2 env | sort; setsid sh -c 'echo session'
xargs -n 1 -P 2 sh -c 'exit 0' x <"$text/hop.h" 2>/dev/null; echo "status $?"; nproc >/dev/null && uname -s; usleep 1000; true; false || echo false
start-stop-daemon -S -x /proc/self/exe -a sh -- -c 'echo started' 2>&1; yes | head -n 3; pidof nothing-like-it; echo "status $?"; which nothing-like-it; echo "status $?"

section 'httpd and wget'
mkdir www; cp more www/more; echo '<p>hello</p>' >www/index.html
httpd -f -p "127.0.0.1:$port" -h www & server=$!
until wget -q -O page "http://127.0.0.1:$port/" 2>/dev/null; do usleep 100000; done; cat page
wget -q -O got "http://127.0.0.1:$port/more"; cmp got more && echo same
wget -q -O - "http://127.0.0.1:$port/nowhere" 2>&1; echo "status $?"
printf 'GET /index.html HTTP/1.0\r\n\r\n' | nc 127.0.0.1 "$port" | sed -n '1p;$p' | tr -d '\r'
kill $server; wait $server 2>/dev/null; echo "status $?"
echo "== end"
