// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a test may do to the TEE, by files in debugfs.
 *
 *   echo COMMAND > /sys/kernel/debug/pilot_fake_tee/command
 *
 *   fail FUNC RESULT TIMES   0 is OpenSession
 *   delay FUNC MS
 *   silent ID 0|1            the processor answers no mailbox
 *   event ID KIND            it has crashed; the events service tells
 *   crash ID                 it has crashed, and nobody is told
 *   wdog ID                  the interrupt of its watchdog
 *   both ID                  that, and the events service tells
 *
 * Numbers are hexadecimal. The file state has sessions, shared memory, states
 * and the number of calls.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fake_tee.h"

#define COMMAND_MAX	63

static struct dentry *directory;

static int do_fail(u32 func, u32 result, u32 times)
{
	if (func >= FAKE_COMMANDS)
		return -EINVAL;
	fake.fail[func] = times;
	fake.result[func] = result;
	return 0;
}

static int do_delay(u32 func, u32 ms, u32 unused)
{
	if (func >= FAKE_COMMANDS)
		return -EINVAL;
	fake.delay[func] = ms;
	return 0;
}

static int do_silent(u32 id, u32 on, u32 unused)
{
	if (id >= FAKE_PROCESSORS)
		return -EINVAL;
	fake.processor[id].silent = on;
	return 0;
}

static int do_event(u32 id, u32 kind, u32 unused)
{
	if (id >= FAKE_PROCESSORS)
		return -EINVAL;
	fake.processor[id].state = PIL_TEE_STATE_CRASHED;
	fake.processor[id].event = kind;
	fake.processor[id].event_count++;
	wake_up_all(&fake.changed);
	return 0;
}

static int do_crash(u32 id, u32 unused, u32 unused_too)
{
	if (id >= FAKE_PROCESSORS)
		return -EINVAL;
	fake.processor[id].state = PIL_TEE_STATE_CRASHED;
	return 0;
}

static int do_wdog(u32 id, u32 unused, u32 unused_too)
{
	if (id >= FAKE_PROCESSORS)
		return -EINVAL;
	fake_remote_wdog(id);
	return 0;
}

static int do_both(u32 id, u32 unused, u32 unused_too)
{
	if (id >= FAKE_PROCESSORS)
		return -EINVAL;
	fake_remote_wdog(id);
	return do_event(id, PIL_TEE_EVENT_WATCHDOG, 0);
}

static const struct {
	const char *name;
	int arguments;
	int (*run)(u32 a, u32 b, u32 c);
} commands[] = {
	{ "fail", 3, do_fail },
	{ "delay", 2, do_delay },
	{ "silent", 2, do_silent },
	{ "event", 2, do_event },
	{ "crash", 1, do_crash },
	{ "wdog", 1, do_wdog },
	{ "both", 1, do_both },
};

static int run_command(const char *line)
{
	char name[COMMAND_MAX + 1];
	u32 a = 0, b = 0, c = 0;
	int count, i;

	count = sscanf(line, "%63s %x %x %x", name, &a, &b, &c) - 1;
	guard(mutex)(&fake.lock);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name) &&
		    count == commands[i].arguments)
			return commands[i].run(a, b, c);
	return -EINVAL;
}

static ssize_t command_write(struct file *file, const char __user *from,
			     size_t count, loff_t *pos)
{
	char line[COMMAND_MAX + 1] = "";
	int ret;

	if (count > COMMAND_MAX)
		return -EINVAL;
	if (copy_from_user(line, from, count))
		return -EFAULT;
	ret = run_command(strim(line));
	return ret ?: count;
}

static const struct file_operations command_operations = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.write = command_write,
};

static int state_show(struct seq_file *file, void *unused)
{
	int i, sessions = 0;

	guard(mutex)(&fake.lock);
	for (i = 0; i < FAKE_SESSIONS; i++)
		sessions += fake.session[i].service != FAKE_NONE;
	seq_printf(file, "sessions %d\nmemory %d\n", sessions,
		   atomic_read(&fake.shown));
	for (i = 0; i < FAKE_PROCESSORS; i++)
		seq_printf(file, "state%d %u\n", i, fake.processor[i].state);
	for (i = 0; i < FAKE_COMMANDS; i++)
		if (fake.calls[i])
			seq_printf(file, "calls%#x %u\n", i, fake.calls[i]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

void fake_control_init(void)
{
	directory = debugfs_create_dir("pilot_fake_tee", NULL);
	debugfs_create_file("command", 0200, directory, NULL,
			    &command_operations);
	debugfs_create_file("state", 0400, directory, NULL, &state_fops);
}

void fake_control_exit(void)
{
	debugfs_remove_recursive(directory);
}
