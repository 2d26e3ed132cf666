// SPDX-License-Identifier: GPL-3.0-or-later
// A mixed workload on a database in memory: inserts, an index, joins, aggregates, updates, text functions, deletes.
#include <stdio.h>
#include <stdlib.h>
#include "sqlite3.h"

static sqlite3 *db;

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
  exit(1);
}

static int print_row(void *unused, int columns, char **values, char **names) {
  (void)unused, (void)names;
  for (int i = 0; i < columns; i++) printf(i ? "|%s" : "%s", values[i] ? values[i] : "NULL");
  putchar('\n');
  return 0;
}

static void run(const char *sql) {
  if (sqlite3_exec(db, sql, print_row, NULL, NULL) != SQLITE_OK) fail(sql);
}

static void insert_measurements(int count) {
  sqlite3_stmt *insert;
  unsigned state = 1;
  if (sqlite3_prepare_v2(db, "INSERT INTO measurement VALUES (?, ?, ?, ?)", -1, &insert, NULL) != SQLITE_OK) fail("insert");
  for (int i = 0; i < count; i++) {
    char note[40];
    state = state * 1664525u + 1013904223u;
    snprintf(note, sizeof note, "note %u of %d", state >> 20, i);
    sqlite3_bind_int(insert, 1, i);
    sqlite3_bind_int(insert, 2, (int)(state >> 8) % 500);
    sqlite3_bind_double(insert, 3, (state >> 4) / 1000.0);
    sqlite3_bind_text(insert, 4, note, -1, SQLITE_TRANSIENT);
    if (sqlite3_step(insert) != SQLITE_DONE) fail("insert");
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 150000;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK) fail("open");
  run("CREATE TABLE measurement (id INTEGER PRIMARY KEY, sensor INT, value REAL, note TEXT);"
      "CREATE TABLE sensor (id INTEGER PRIMARY KEY, name TEXT, site TEXT);");
  run("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 499)"
      "INSERT INTO sensor SELECT i, 'sensor-' || i, 'site ' || (i % 17) FROM n");
  run("BEGIN");
  insert_measurements(count);
  run("COMMIT; CREATE INDEX by_sensor ON measurement (sensor, value)");
  run("SELECT s.site, count(*), round(avg(m.value), 3), max(m.note) FROM measurement m JOIN sensor s ON s.id = m.sensor "
      "GROUP BY s.site ORDER BY s.site");
  run("UPDATE measurement SET value = value * 2 WHERE sensor % 3 = 0");
  run("SELECT count(*), sum(length(note)), count(DISTINCT substr(note, 6, 3)) FROM measurement WHERE note LIKE '%7 of 1%'");
  run("SELECT id, printf('%.2f', value), upper(note) FROM measurement ORDER BY note DESC, value LIMIT 5");
  run("SELECT sensor, rank() OVER (ORDER BY total DESC) FROM (SELECT sensor, sum(value) AS total FROM measurement "
      "GROUP BY sensor) LIMIT 5");
  run("DELETE FROM measurement WHERE id % 5 = 0");
  run("SELECT count(*), printf('%.4f', total(value)) FROM measurement");
  run("PRAGMA integrity_check");
  return sqlite3_close(db) != SQLITE_OK;
}
