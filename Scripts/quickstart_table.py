"""FP32 beside int8: the first answer for each photograph.   usage: quickstart_table.py FP32.json INT8.json (both from `classify --json`)"""
import json
import os
import sys

fp32, int8 = (json.load(open(path)) for path in sys.argv[1:3])


def answer(entry):
    best = entry["results"][0]
    return f"{best['label'].split(',')[0][:26]:26s} {100 * best['probability']:5.1f} %"


print(f"{'photograph':22s} {'FP32':34s}   {'int8':34s}")
for a, b in zip(fp32, int8):
    print(f"{os.path.basename(a['file']):22s} {answer(a)}   {answer(b)}")
