#!/usr/bin/env bash
# Merges what the tasks of slurm-array.sh left in OUT/shard-* into OUT/run. It refuses what does not belong together or is not finished.
#
#   sbatch --dependency=afterany:JOB slurm-merge.sh OUT
#
# afterany, not afterok: a shard with failed rows ends with code 6, and is merged all the same.
#
#SBATCH --job-name=echorate-merge
set -euo pipefail

if (($# != 1)); then
  echo "slurm-merge.sh: usage: sbatch --dependency=afterany:JOB slurm-merge.sh OUT" >&2
  exit 2
fi

exec ${ECHORATE:-echorate} merge "$1"/shard-* --out "$1/run"
