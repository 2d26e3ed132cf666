-- SPDX-License-Identifier: GPL-3.0-or-later
-- A mixed workload. The table `size` says how many rows there are: it is made by the caller.
pragma journal_mode = delete;
pragma cache_size = 100;
create table item(id integer primary key, name text not null, price real, stock integer, tag text);
create table sale(id integer primary key, item integer references item(id), amount integer, note text);
create table log(id integer primary key, what text, item integer, before integer, after integer);
create index item_by_tag on item(tag, price);
create index sale_by_item on sale(item);
create trigger item_changes after update of stock on item begin
  insert into log(what, item, before, after) values ('stock', new.id, old.stock, new.stock);
end;

begin;
with recursive number(n) as (select 1 union all select n + 1 from number, size where n < size.rows)
insert into item select n, printf('item-%06d-%s', n, hex(n * 2654435761 % 4294967296)), (n * 7919 % 10007) / 100.0,
  n * 104729 % 500, char(97 + n * 31 % 26) || char(97 + n * 17 % 26) from number;
commit;
select 'items', count(*), sum(stock), printf('%.2f', sum(price)) from item;

begin;
with recursive number(n) as (select 1 union all select n + 1 from number, size where n < size.rows * 3)
insert into sale select n, 1 + n * 48271 % (select rows from size), n % 9 + 1, substr('some note on this sale', 1 + n % 12)
  from number;
commit;
select 'sales', count(*), sum(amount) from sale;

update item set stock = stock - (select coalesce(sum(amount), 0) from sale where sale.item = item.id) where id % 3 = 0;
select 'log', count(*), sum(before - after) from log;

begin;
delete from sale where id % 5 = 0;
update item set name = upper(name) where tag < 'm';
select 'inside', count(*), sum(length(name)) from item where name glob 'ITEM*';
rollback;
select 'after', count(*) from sale;

select tag, count(*), printf('%.3f', avg(price)), max(name) from item group by tag having count(*) > 2 order by 2 desc, 1 limit 20;
select i.tag, sum(s.amount) as sold, count(distinct i.id), group_concat(distinct s.note)
  from sale s join item i on i.id = s.item where i.price between 10 and 60 group by i.tag order by sold desc, i.tag limit 12;
select name, price, rank() over (partition by substr(tag, 1, 1) order by price desc, id) as place
  from item order by place, name limit 15;
select count(*) from item a join item b on a.tag = b.tag and a.price < b.price and a.stock > b.stock;

create table copy as select * from item order by name desc;
create unique index copy_by_name on copy(name);
savepoint outer_one;
delete from copy where stock < 100;
savepoint inner_one;
delete from copy;
rollback to inner_one;
release outer_one;
select 'copy', count(*), min(name), max(name) from copy;
insert or ignore into copy select * from item;
select 'merged', count(*) from copy;
insert or replace into sale select id, item, amount * 2, upper(note) from sale where id % 11 = 0;
delete from sale where item in (select id from item where tag like '%q%');
select 'json', json_group_array(json_object('t', tag, 'n', n)) from (select tag, count(*) n from item group by tag order by tag limit 5);
select 'longest', max(length(path)) from (
  with recursive chain(id, path) as (
    select 1, '1' union all select (id * 17 + 3) % 1009, path || '-' || (id * 17 + 3) % 1009 from chain limit 300)
  select path from chain);
vacuum;
pragma integrity_check;
select 'total', (select sum(stock) from item), (select sum(amount) from sale), (select count(*) from log);
