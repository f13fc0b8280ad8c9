# Ends a server that tests started, once no test uses it any more, and removes its folder.
# keeper.sh FOLDER LINGER_SECONDS COMMAND...: the command ends the server.
folder=$1 linger=$2
shift 2
trap '' HUP INT
exec 7>"$folder/keeper"
flock --nonblock 7 || exit 0
cd /
while :; do
    # Every process with a test holds a shared lock on `users` as long as it lives, and touches it.
    flock --exclusive "$folder/users" true
    sleep "$linger"
    (
        flock --exclusive 9
        flock --exclusive --nonblock 8 || exit 1
        used=$(stat --format=%Y "$folder/users")
        [ $(($(date +%s) - used)) -ge "$linger" ] || exit 1
        "$@"
        rm -rf "$folder"
    ) 9<>"$folder/gate" 8<"$folder/users" && exit 0
    [ -d "$folder" ] || exit 0
done
