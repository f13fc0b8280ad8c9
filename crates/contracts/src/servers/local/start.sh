# Starts a server in the background, in the folder of its data, and notes its number. The file
# `running` is locked as long as it runs.
# start.sh FOLDER COMMAND...: the command is the server.
folder=$1
shift
cd "$folder/data" || exit 1
rm -f "$folder/pid"
exec 6>"$folder/running"
flock --exclusive 6
(
    "$@" </dev/null &
    echo $! >"$folder/pid"
    wait
) >>"$folder/log" 2>&1 &
until [ -s "$folder/pid" ]; do sleep 0.01; done
