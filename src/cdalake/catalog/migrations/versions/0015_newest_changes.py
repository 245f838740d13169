"""Find the newest note of a kind about a connection without a look at the others."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("changes_newest", "changes", ["kind", "connection", "id"])


def downgrade() -> None:
    op.drop_index("changes_newest", "changes")
