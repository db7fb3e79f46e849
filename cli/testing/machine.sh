# Becomes process 1 of a machine of its own: it has the files of this one, keeps nothing of what it changes, and shares the network and
# the Engine. Holdfast is installed in its /opt/holdfast.
# $1: a directory for what is changed. $2: the name of its cgroup. $3: where Holdfast lies here. $4: Node.
set -eu
mount -t tmpfs tmpfs "$1"
mkdir "$1/root" "$1/upper" "$1/work" "$1/installed" "$1/installing"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"

# /sys and /proc/sys read-only, so that systemd takes neither devices nor the kernel's settings for its own.
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mkdir "sys/fs/cgroup/$2"
echo 0 > "sys/fs/cgroup/$2/cgroup.procs"
umount sys/fs/cgroup
mount --rbind /dev dev
mount --make-rslave dev
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
if [ -S /var/run/docker.sock ]; then
  touch run/docker.sock
  mount --bind /var/run/docker.sock run/docker.sock
fi

# Of services, jobs and disks only what systemd itself brings, and cron.
find etc/systemd/system var/spool/cron/crontabs -mindepth 1 -delete
rm -rf etc/cron.d var/log/journal
: > etc/crontab
: > etc/fstab
cat > etc/systemd/system/machine.target << 'UNIT'
[Unit]
Requires=basic.target
Wants=cron.service
UNIT

# What whoever installed it here has made of it stays here.
mkdir -p opt/holdfast
mount -t overlay overlay -o "lowerdir=$3,upperdir=$1/installed,workdir=$1/installing" opt/holdfast
(cd opt/holdfast && rm -rf data config logs backups .env holdfast.config.*)
ln -sf /opt/holdfast/dist/holdfast.js usr/local/bin/holdfast
[ -e usr/local/bin/node ] || [ -e usr/bin/node ] || ln -s "$4" usr/local/bin/node

# A cgroup namespace begins where the process is that enters it.
exec unshare --cgroup sh -c 'mount -t cgroup2 cgroup2 sys/fs/cgroup && exec env -i container=holdfast-test PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot . /lib/systemd/systemd --unit=machine.target'
