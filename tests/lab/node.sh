# Runs as the first process of a node, in fresh net, uts, ipc, pid and mount namespaces: builds a small root of its own, moves
# into it, says so, and lives until its standard input ends, which is when the test ends, however it ends. The kernel then ends
# all processes and mounts of the node. Arguments: HOSTNAME MACHINE-ID BOOT-ID PROGRAMS DISK-IMAGE (PROGRAMS: a folder for
# /usr/local/bin, or -; DISK-IMAGE: ext4 for /var/lib/etcd, or -).
set -eu
hostname=$1 machine=$2 boot=$3 programs=$4 image=$5

# Hides whatever the machine has under /mnt, in this mount namespace alone.
mount -t tmpfs -o mode=0755,size=1g root /mnt
cd /mnt
mkdir -p usr etc proc sys dev tmp root run/lock var/lib/etcd "var/log/journal/$machine" old
chmod 1777 tmp
ln -s /run var/run
mount --bind -o ro /usr usr
for name in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$name" ]; then
    ln -s "$(readlink "/$name")" "$name"
  elif [ -d "/$name" ]; then
    mkdir "$name"
    mount --bind -o ro "/$name" "$name"
  fi
done

echo 'root:x:0:0:root:/root:/bin/sh' >etc/passwd
echo 'root:x:0:' >etc/group
echo 'passwd: files' >etc/nsswitch.conf
echo 'hosts: files' >>etc/nsswitch.conf
echo "127.0.0.1 localhost" >etc/hosts
echo "$hostname" >etc/hostname
echo "$machine" >etc/machine-id
ln -s /usr/share/zoneinfo/UTC etc/localtime
cp -L /usr/lib/os-release etc/os-release
cp /etc/ld.so.cache etc/
if [ -d /etc/alternatives ]; then cp -a /etc/alternatives etc/; fi

# Copied, not bound: a bound folder would show in /proc/self/mountinfo where it lies on this machine.
mount -t tmpfs -o mode=0755 local usr/local
mkdir usr/local/bin
if [ "$programs" != - ]; then cp "$programs"/etcd* usr/local/bin/; fi
if [ "$image" != - ]; then
  # Through a folder that is gone afterwards: else `mount` in the node would tell where the image lay.
  mkdir disk
  mount --bind "$(dirname "$image")" disk
  mount -o loop "disk/$(basename "$image")" var/lib/etcd
  umount -l disk
  rmdir disk var/lib/etcd/lost+found
fi
chmod 0700 var/lib/etcd

mount -t tmpfs -o mode=0755 dev dev
for name in null zero full random urandom; do
  : >"dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
mkdir dev/shm
ln -s /proc/self/fd dev/fd
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
# The kernel's ring is the machine's; what a node's kernel says is in its journal.
cat >run/dmesg <<'END'
#!/bin/sh
exec journalctl --dmesg --quiet --no-pager --no-hostname --output short-monotonic
END
chmod 0755 run/dmesg
mount --bind run/dmesg usr/bin/dmesg
echo "$boot" >run/boot-id
mount --bind run/boot-id proc/sys/kernel/random/boot_id

hostname "$hostname"
ip link set lo up
pivot_root . old
umount -l /old
rmdir /old
echo ready
# With the signal ignored, the kernel buries orphans.
exec env --ignore-signal=CHLD cat >/dev/null
