# SPDX-License-Identifier: GPL-3.0-or-later
# Long ones: "ready" on stderr when one begins, "done" when it has ended. In its working folder's neighbour `in` is text/.
text() { for round in $(seq 250); do cat ../in/text/*; done; }

long() {
  echo ready >&2
  "$@" || echo "$* ended with $?"
  echo done >&2
}

compress() { text | bzip2 -c | bunzip2 | md5sum; }
loop() {
  for i in $(seq 150); do
    seq $((i * 10)) | awk -v factor=$i '{ sum += $1 * factor } END { printf "%d %.6f\n", sum, sum / 7 }' | md5sum
    total=$((total + i))
  done
  echo $total
}
order() { text | awk '{ print NR * 7919 % 100003, $0 }' | sort -k1,1n | tail -n 60000 | sort -r | sha256sum; }
calculate() { echo 'scale=400; for (i = 1; i < 6; ++i) { a(1 / i); e(i); l(i) }' | bc -l; }

long compress
long loop
long order
long calculate
