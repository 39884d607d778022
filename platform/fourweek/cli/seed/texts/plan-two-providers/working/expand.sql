-- Stage 0. Safe beside the running version: nothing reads or writes the table yet.
SET lock_timeout = '2s';

CREATE TABLE handled_by (
    event_id   bigint PRIMARY KEY,
    side       char(1) NOT NULL CHECK (side IN ('A', 'B')),
    decided_at timestamptz NOT NULL DEFAULT now()
);

-- Back: only while no version that writes is running.
-- DROP TABLE handled_by;

-- Check after stage 1: both numbers must be equal.
SELECT count(*) FROM event WHERE confirmed_at >= :stage_1_began;
SELECT count(*) FROM handled_by WHERE decided_at >= :stage_1_began;
