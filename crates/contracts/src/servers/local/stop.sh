# Ends the server of a folder, and waits until it is gone.
# stop.sh FOLDER SIGNAL
folder=$1 signal=$2
[ -e "$folder/running" ] || exit 0
exec 6<"$folder/running"
if ! flock --nonblock 6; then
    read -r id <"$folder/pid"
    kill -s "$signal" "$id"
    flock --timeout 60 6 || {
        kill -s KILL "$id"
        flock 6
    }
fi
