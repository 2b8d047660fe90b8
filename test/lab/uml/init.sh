#!/bin/busybox sh
# shellcheck shell=dash
# Process 1 of a User-Mode Linux host: mounts, keys, address, sshd. The kernel command line gives UHOST, UADDR, UKEYS.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
if grep -q '^[^ ]* / hostfs' /proc/mounts; then
  # The root is a folder of the outer machine, shared and read-only: a writable overlay in memory goes above it.
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/up /mnt/work /mnt/new
  modprobe overlay
  mount -t overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work overlay /mnt/new
  cd /mnt/new || exit 1
  busybox pivot_root . mnt && mount -t devtmpfs devtmpfs /dev && exec chroot . "$0" </dev/null >/dev/console 2>&1
fi
umount -l /mnt 2>/dev/null
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /dev/pts /dev/shm /run/sshd /run/lock /run/keys
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo '+cpu +io +memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
echo "$UHOST" >/proc/sys/kernel/hostname
echo "$UHOST" >/etc/hostname
mount -t hostfs none /run/keys -o "$UKEYS"
cp /run/keys/ssh_host_ed25519_key* /etc/ssh/
cp /run/keys/authorized_keys /root/.ssh/
umount /run/keys
ip link set lo up
ip addr add "$UADDR/24" dev vec0
ip link set vec0 up
# ubd tells of what it finished once for each batch: a long queue would make a slow disk jump in steps of seconds.
for queue in /sys/block/ubd*/queue/nr_requests; do echo 32 >"$queue"; done
mount /dev/ubdb /data
/usr/sbin/sshd
while :; do
  sleep 100000 &
  wait $!
done
