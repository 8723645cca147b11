#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

int sp_cpus(int *cpus, int capacity) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    int count = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &set)) continue;
        if (count < capacity) cpus[count] = cpu;
        count++;
    }
    return count < capacity || capacity == 0 ? count : capacity;
}

int sp_cpu_count(void) {
    int count = sp_cpus(NULL, 0);
    return count > 0 ? count : 1;
}

void sp_cpu_name(char *name, size_t capacity) {
    snprintf(name, capacity, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (file == NULL) return;
    char line[512];
    while (fgets(line, sizeof line, file) != NULL) {
        char *value = strstr(line, ": ");
        bool names = strncmp(line, "model name", 10) == 0 || strncmp(line, "Model", 5) == 0;
        if (!names || value == NULL) continue;
        value += 2;
        value[strcspn(value, "\n")] = 0;
        snprintf(name, capacity, "%s", value);
        break;
    }
    fclose(file);
}

long sp_cpu_number(const char *folder, int cpu, const char *name) {
    char path[512];
    if (snprintf(path, sizeof path, "%s/cpu%d/%s", folder, cpu, name) >= (int)sizeof path) return 0;
    FILE *file = fopen(path, "re");
    char line[32];
    long number = 0;
    if (file == NULL) return 0;
    if (fgets(line, sizeof line, file) != NULL) number = strtol(line, NULL, 10);
    fclose(file);
    return number;
}

int sp_bind(const int *cpus, int count) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = 0; i < count; i++) {
        if (cpus[i] < 0 || cpus[i] >= CPU_SETSIZE) return EINVAL;
        CPU_SET(cpus[i], &set);
    }
    return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : errno;
}

#pragma clang attribute pop
