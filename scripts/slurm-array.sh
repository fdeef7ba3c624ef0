#!/usr/bin/env bash
# One run, dealt to the tasks of a Slurm array job: each task measures its shard, with the CPUs and the GPU that Slurm gives it.
#
#   sbatch --array=1-4 [--gres=gpu:1] [--cpus-per-task=8] slurm-array.sh OUT --file MODEL.gguf …
#   sbatch --dependency=afterany:JOB slurm-merge.sh OUT
#
# OUT is a folder that all nodes see: shard I goes to OUT/shard-I, the merged run to OUT/run. What follows are arguments of
# `echorate run`. The program is `echorate`, or what ECHORATE says. A task that is requeued, or submitted again, goes on where it was cut
# off; to submit a part of the array again, say how many shards there are: ECHORATE_SHARDS=4 sbatch --array=3 slurm-array.sh OUT …
#
#SBATCH --job-name=echorate
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
set -euo pipefail

fail() {
  echo "slurm-array.sh: $*" >&2
  exit 2
}

(($# >= 2)) || fail "usage: sbatch --array=1-N slurm-array.sh OUT ARGUMENTS-OF-RUN…"
[[ -n "${SLURM_ARRAY_TASK_ID:-}" ]] || fail "not a task of an array job; submit with: sbatch --array=1-N"
out=$1
shift

shard=$SLURM_ARRAY_TASK_ID
shards=${ECHORATE_SHARDS:-$SLURM_ARRAY_TASK_COUNT}
if [[ -z "${ECHORATE_SHARDS:-}" ]] &&
  ((SLURM_ARRAY_TASK_MIN != 1 || SLURM_ARRAY_TASK_MAX != shards)); then
  fail "the array is $SLURM_ARRAY_TASK_MIN-$SLURM_ARRAY_TASK_MAX; give --array=1-N, or say N in ECHORATE_SHARDS"
fi

# As many threads as Slurm gives CPUs: llama.cpp's spin, and would fight for fewer.
if [[ -n "${SLURM_CPUS_PER_TASK:-}" && " $* " != *" --threads"* ]]; then
  set -- "$@" --threads "$SLURM_CPUS_PER_TASK"
fi

# Slurm shows the task its GPU alone (CUDA_VISIBLE_DEVICES). exec: the signal before the time limit reaches the program, which finishes
# its row.
exec ${ECHORATE:-echorate} run "$@" --shard "$shard/$shards" --resume --out "$out/shard-$shard"
