#!/bin/sh
# Forms a cluster of three servers with curl alone, and checks every answer.
#
#   Examples/test-cluster.sh              builds raft-kv and uses ports 21001-3 and 22001-3
#   RAFT_KV=path/to/raft-kv ...           uses this program
#   API_BASE=31000 RAFT_BASE=32000 ...    uses ports 31001-3 and 32001-3
#   API_BASE=0 RAFT_BASE=0 ...            uses any free ports
#
# Exit status: 0 if every answer was right, else 1 with what differed.

set -eu

api_base=${API_BASE:-21000}
raft_base=${RAFT_BASE:-22000}
servers=''
folder=$(mktemp -d)

clean_up() {
  status=$?
  trap - EXIT
  for server in $servers; do
    kill "$server" 2>/dev/null || true
  done
  for server in $servers; do
    wait "$server" 2>/dev/null || true
  done
  rm -rf "$folder"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
  echo "FAILED: $1" >&2
  for id in 1 2 3; do
    if [ -s "$folder/n$id.log" ]; then
      echo "--- server $id wrote:" >&2
      tail -n 5 "$folder/n$id.log" >&2
    fi
  done
  exit 1
}

# port BASE ID: the port to ask for.
port() {
  if [ "$1" -eq 0 ]; then echo 0; else echo $(($1 + $2)); fi
}

# api ID, raft ID: the real addresses of a server.
api() { eval "echo \"\$api$1\""; }
raft() { eval "echo \"\$raft$1\""; }

# member NAME LINE: the text under a name in a line of JSON.
member() {
  text=${2#*"\"$1\":\""}
  echo "${text%%\"*}"
}

# rpc ID PATH [BODY]: sets $answer to the body of the answer and $code to its status.
rpc() {
  url="http://$(api "$1")$2"
  if [ $# -ge 3 ]; then
    set -- "$url" -H 'Content-Type: application/json' --data-binary "$3"
  else
    set -- "$url"
  fi
  answer=$(curl --silent --show-error --max-time 60 --write-out '\n%{http_code}' "$@") ||
    fail "no answer from $url"
  code=${answer##*
}
  answer=${answer%
*}
}

# expect PATTERN: the last answer is 200 and matches a pattern of the shell as a whole.
expect() {
  expect_code 200
  # The pattern is meant to be one.
  # shellcheck disable=SC2254
  case $answer in
  $1) echo "  $answer" | cut -c 1-160 ;;
  *) fail "expected $1
   found $answer" ;;
  esac
}

expect_code() {
  [ "$code" = "$1" ] || fail "expected status $1, found $code: $answer"
}

# await PATTERN ID PATH [BODY]: asks until the answer matches, for five seconds at most.
await() {
  pattern=$1
  shift
  end=$(($(date +%s) + 5))
  while :; do
    rpc "$@"
    # shellcheck disable=SC2254
    case $answer in
    $pattern) break ;;
    esac
    [ "$(date +%s)" -lt "$end" ] || break
    sleep 0.1
  done
  expect "$pattern"
}

program=${RAFT_KV:-}
if [ -z "$program" ]; then
  cd "$(dirname "$0")/.."
  echo 'Build raft-kv'
  swift build --product raft-kv >&2
  program=$(swift build --show-bin-path)/raft-kv
fi

echo 'Start three servers that belong to no cluster'
for id in 1 2 3; do
  mkfifo "$folder/ready$id"
  "$program" serve --id "$id" --data "$folder/n$id" \
    --api-addr "127.0.0.1:$(port "$api_base" "$id")" \
    --raft-addr "127.0.0.1:$(port "$raft_base" "$id")" \
    >"$folder/ready$id" 2>"$folder/n$id.log" &
  servers="$servers $!"
  # The server writes one line as soon as it answers; none if it cannot start.
  ready=''
  read -r ready <"$folder/ready$id" || true
  [ -n "$ready" ] || fail "server $id did not start"
  eval "api$id=$(member api_addr "$ready")"
  eval "raft$id=$(member raft_addr "$ready")"
  echo "  $ready"
done

log_id='{"leader_id":{"term":*,"node_id":1},"index":*}'
node() { echo "{\"raft_addr\":\"$(raft "$1")\",\"data\":\"$(api "$1")\"*}"; }
learner() {
  echo "{\"node_id\":$1,\"api_addr\":\"$(api "$1")\",\"raft_addr\":\"$(raft "$1")\"}"
}

echo 'Make server 1 a cluster of its own'
rpc 1 /init '[]'
expect '{"Ok":null}'

echo 'Doing it twice is refused'
rpc 1 /init '[]'
expect '{"Err":{"NotAllowed":{"last_log_id":*,"vote":{"leader_id":*}}}}'

echo 'Server 1 leads'
await '{"Ok":{"running_state":{"Ok":null},"id":1,*"state":"Leader","current_leader":1,*}}' 1 /metrics

echo 'Add servers 2 and 3 as learners'
rpc 1 /add-learner "$(learner 2)"
expect "{\"Ok\":{\"log_id\":$log_id,\"data\":{\"value\":null},\"membership\":{\"configs\":\[\[1\]\],\"nodes\":{\"1\":*,\"2\":$(node 2)*}}}"
rpc 1 /add-learner "$(learner 3)"
expect "{\"Ok\":{\"log_id\":$log_id,\"data\":{\"value\":null},\"membership\":{\"configs\":\[\[1\]\],\"nodes\":{\"1\":*,\"2\":*,\"3\":$(node 3)*}}}"

echo 'Make all three voters'
rpc 1 /change-membership '[1, 2, 3]'
expect "{\"Ok\":{\"log_id\":$log_id,\"data\":{\"value\":null},\"membership\":{\"configs\":\[\[1,2,3\]\],\"nodes\":*}}}"

echo 'A server that is no member cannot vote'
rpc 1 /change-membership '[1, 2, 3, 4]'
expect '{"Err":{"ChangeMembershipError":{"LearnerNotFound":{"node_id":4}}}}'

echo 'All three know it'
for id in 1 2 3; do
  await "{\"Ok\":{*\"id\":$id,*\"current_leader\":1,*\"membership_config\":{\"log_id\":$log_id,\"membership\":{\"configs\":\[\[1,2,3\]\],*}}" "$id" /metrics
done
rpc 2 /list-nodes
expect "{\"Ok\":{\"1\":$(node 1),\"2\":$(node 2),\"3\":$(node 3)}}"

echo 'Write on the leader'
rpc 1 /write '{"Set":{"key":"foo","value":"bar"}}'
expect "{\"Ok\":{\"log_id\":$log_id,\"data\":{\"value\":{\"value\":\"bar\",\"version\":*}},\"membership\":null}}"
version=${answer##*\"version\":}
version=${version%%\}*}

echo 'A follower names the leader instead'
rpc 2 /write '{"Set":{"key":"foo","value":"baz"}}'
expect "{\"Err\":{\"ForwardToLeader\":{\"leader_id\":1,\"leader_node\":$(node 1)}}}"

echo 'Read on all three'
for id in 1 2 3; do
  await "{\"Ok\":{\"value\":{\"value\":\"bar\",\"version\":$version}}}" "$id" /read '"foo"'
done

echo 'Read what is true now: on the leader, and on followers that ask it'
rpc 1 /linearizable_read '"foo"'
expect "{\"Ok\":{\"value\":{\"value\":\"bar\",\"version\":$version}}}"
rpc 3 /linearizable_read '"foo"'
expect '{"Err":{"ForwardToLeader":{"leader_id":1,*}}}'
rpc 3 /follower_read '"foo"'
expect "{\"Ok\":{\"value\":{\"value\":\"bar\",\"version\":$version}}}"
rpc 1 /get_linearizer
expect "{\"Ok\":{\"node_id\":1,\"read_log_id\":$log_id,\"applied\":$log_id}}"

echo 'Compare and set: once with the version, once with an old one'
rpc 1 /write "{\"CompareAndSet\":{\"key\":\"foo\",\"expected_version\":$version,\"value\":\"new\"}}"
expect "{\"Ok\":{*\"data\":{\"value\":{\"value\":\"new\",\"version\":*}},*}}"
rpc 1 /write "{\"CompareAndSet\":{\"key\":\"foo\",\"expected_version\":$version,\"value\":\"late\"}}"
expect '{"Ok":{*"data":{"value":null},*}}'
rpc 2 /follower_read '"foo"'
expect '{"Ok":{"value":{"value":"new","version":*}}}'

echo 'Nonsense is refused'
rpc 1 /write '{"Set":'
expect_code 400
rpc 1 /no-such-route
expect_code 404
[ "$answer" = 'not found' ] || fail "expected 'not found', found '$answer'"

echo 'Every answer was right.'
