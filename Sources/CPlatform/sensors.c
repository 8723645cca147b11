// What a machine tells about its state: clocks, temperatures, energy, other work.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

enum { MOST_CPUS = 256, MOST_SENSORS = 16 };

// The file's first bytes as text; false where it cannot be read.
static bool text_of(const char *path, char *text, size_t capacity) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t count = read(file, text, capacity - 1);
    close(file);
    if (count <= 0) return false;
    text[count] = 0;
    return true;
}

// The number in root/PATH, whose %d is `index`; -1 where there is none.
static int64_t number_in(const char *root, const char *path, int index) {
    char name[512], form[256], text[64];
    snprintf(form, sizeof form, path, index);
    if (snprintf(name, sizeof name, "%s%s", root, form) >= (int)sizeof name || !text_of(name, text, sizeof text)) return -1;
    return strtoll(text, NULL, 10);
}

// Of all sensors that there are; -1 where there is none.
static int64_t sum_of(const char *root, const char *path) {
    int64_t sum = -1;
    for (int i = 0; i < MOST_SENSORS; i++) {
        int64_t value = number_in(root, path, i);
        if (value >= 0) sum = (sum < 0 ? 0 : sum) + value;
    }
    return sum;
}

// Clocks of the processors that this process may run on: their mean, and that of their highest.
static void read_clocks(const char *root, sp_conditions *conditions) {
    int cpus[MOST_CPUS];
    int count = sp_cpus(cpus, MOST_CPUS);
    int64_t now = 0, most = 0;
    conditions->is_performance = true;
    for (int i = 0; i < count; i++) {
        int64_t khz = number_in(root, "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_cur_freq", cpus[i]);
        int64_t highest = number_in(root, "/sys/devices/system/cpu/cpu%d/cpufreq/cpuinfo_max_freq", cpus[i]);
        if (khz <= 0 || highest <= 0) return;
        now += khz;
        most += highest;
        char path[512], governor[32];
        snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", root, cpus[i]);
        if (text_of(path, governor, sizeof governor) && strncmp(governor, "performance", 11) != 0) conditions->is_performance = false;
    }
    if (count == 0) return;
    conditions->mhz = (int)(now / count / 1000);
    conditions->highest_mhz = (int)(most / count / 1000);
}

void sp_read_conditions(const char *root, sp_conditions *conditions) {
    *conditions = (sp_conditions){.temperature = -1, .is_performance = true};
    read_clocks(root, conditions);
    for (int i = 0; i < MOST_SENSORS; i++) {
        int64_t degrees = number_in(root, "/sys/class/thermal/thermal_zone%d/temp", i);
        if (degrees > conditions->temperature) conditions->temperature = (int)degrees;
    }
    conditions->energy = sum_of(root, "/sys/class/powercap/intel-rapl:%d/energy_uj");
    if (conditions->energy < 0) conditions->energy = sum_of(root, "/sys/class/hwmon/hwmon%d/energy1_input");
    conditions->power = sum_of(root, "/sys/class/hwmon/hwmon%d/power1_input");

    char path[512], text[512];
    snprintf(path, sizeof path, "%s/proc/loadavg", root);
    if (text_of(path, text, sizeof text)) conditions->load = strtod(text, NULL);
    snprintf(path, sizeof path, "%s/proc/stat", root);
    if (!text_of(path, text, sizeof text)) return;
    char *next = text + strcspn(text, " ");
    for (int column = 0; column < 8; column++) { // user, nice, system, idle, waiting, interrupts, soft interrupts, stolen
        uint64_t ticks = strtoull(next, &next, 10);
        conditions->ticks += ticks;
        if (column == 7) conditions->stolen_ticks = ticks;
    }
}

#pragma clang attribute pop
