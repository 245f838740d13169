"""Bytes that a commit added may be unknown, like its rows."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

commits = sa.table("commits", sa.column("bytes_added", sa.BigInteger()))


def upgrade() -> None:
    with op.batch_alter_table("commits") as batch:
        batch.alter_column("bytes_added", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    op.execute(commits.update().where(commits.c.bytes_added.is_(None)).values(bytes_added=0))
    with op.batch_alter_table("commits") as batch:
        batch.alter_column("bytes_added", existing_type=sa.BigInteger(), nullable=False)
