#!/bin/sh
# Makes the secrets of compose.yaml, invites its workers, and starts everything. Once; later: docker compose up --detach
set -eu
cd "$(dirname "$0")"
if [ -e secrets ]; then
  echo "error: the folder secrets is there already: start with docker compose up --detach, or remove it" >&2
  exit 1
fi
compose() { ${COMPOSE:-docker compose} "$@"; }
at_home() { compose run --rm --no-deps -T home "$@"; }
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Only the folder is closed: the users of the containers read the files in it.
mkdir -m 700 secrets
home_password=$(password)
echo "user default on >$home_password ~* &* +@all" > secrets/valkey-users
for worker in worker-1 worker-2; do
  worker_password=$(password)
  printf '%s' "$worker_password" > secrets/$worker.password
  : > secrets/$worker.join
  echo "user $worker on >$worker_password resetchannels ~{qs-*}:home:* ~{qs-*}:w-$worker:* ~{qs-*}:runs:* -@all +@connection +@read +@write +@scripting -@dangerous +info" >> secrets/valkey-users
done
chmod 644 secrets/*

at_home quickscrape init
# The home keeps its password of Valkey where it keeps all secrets.
echo "QUICKSCRAPE_REDIS_PASSWORD=$home_password" |
  at_home sh -c 'umask 077 && cat >> "$QUICKSCRAPE_HOME/secrets.env"'
at_home quickscrape config set executor_redis redis://valkey:6379
at_home quickscrape config set executor bullmq
at_home quickscrape config set max_concurrent_runs 4
for worker in worker-1 worker-2; do
  at_home quickscrape worker invite $worker --redis-user $worker > secrets/$worker.join
done
compose up --detach
