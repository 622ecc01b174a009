#!/usr/bin/env bash
# A sweep as a SLURM array: each task trains its part of the runs. A requeued task resumes from its saved state.
#
#   SPEC=depths.yaml sbatch --array=0-7 sweep.slurm.sh
#   fanin merge parts/* --out whole        # when all tasks are done
#
#SBATCH --job-name=fanin-sweep
#SBATCH --array=0-7
#SBATCH --cpus-per-task=4
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@60
set -euo pipefail

SPEC=${SPEC:?expected SPEC, the file of the sweep}
PARTS=${PARTS:-parts}
FANIN=${FANIN:-fanin}

# SLURM_ARRAY_TASK_ID, _MIN and _COUNT select the part. $FANIN may be several words.
# The signal goes to this shell; exec replaces it by fanin, which saves unfinished runs.
exec $FANIN sweep "$SPEC" --shard auto --jobs "${SLURM_CPUS_PER_TASK:-1}" --out "$PARTS/${SLURM_ARRAY_TASK_ID:?expected a SLURM array}"
