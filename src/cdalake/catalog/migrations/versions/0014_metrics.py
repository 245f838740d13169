"""What a commit removed, and the figures its writer gave it.

Versions read before stay without: their log files may be gone, and what is known would be lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("commits", sa.Column("bytes_removed", sa.BigInteger(), nullable=True))
    op.add_column("commits", sa.Column("metrics", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("commits", "metrics")
    op.drop_column("commits", "bytes_removed")
