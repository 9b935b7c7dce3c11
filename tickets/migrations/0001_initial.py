
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import tickets.models.message
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Four digits from the start, and no ticket reveals how few came before it.
        migrations.RunSQL(
            "CREATE SEQUENCE tickets_number AS bigint START WITH 1001", "DROP SEQUENCE tickets_number"
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name (English)')),
                ('name_zh', models.CharField(blank=True, max_length=120, verbose_name='name (Chinese)')),
                ('slug', models.SlugField(max_length=100, unique=True, verbose_name='slug')),
                ('default_priority', models.PositiveSmallIntegerField(choices=[(1, 'low'), (2, 'normal'), (3, 'high'), (4, 'urgent')], default=2, verbose_name='usual priority')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='tickets.category', verbose_name='parent')),
                ('team', models.ForeignKey(blank=True, help_text="Who takes such tickets. Empty: the parent's team.", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='categories', to='people.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('author', models.CharField(choices=[('person', 'person'), ('customer', 'customer'), ('rule', 'rule'), ('model', 'triage'), ('system', 'system')], max_length=10)),
                ('is_public', models.BooleanField(default=True)),
                ('channel', models.CharField(max_length=30)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True, help_text='Cleaned on the way in; shown as it is.')),
                ('key', models.UUIDField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to='people.customer')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=tickets.models.message.random_key, max_length=40, unique=True)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('file', models.FileField(max_length=200, upload_to=tickets.models.message.storage_name)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='tickets.message')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(db_default=models.Func(models.Value('tickets_number'), function='nextval'), editable=False, unique=True, verbose_name='number')),
                ('subject', models.CharField(max_length=250, verbose_name='subject')),
                ('status', models.CharField(choices=[('new', 'new'), ('open', 'open'), ('waiting', 'waiting on customer'), ('hold', 'on hold'), ('resolved', 'resolved'), ('closed', 'closed')], default='new', max_length=10, verbose_name='status')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'low'), (2, 'normal'), (3, 'high'), (4, 'urgent')], default=2, verbose_name='priority')),
                ('priority_by', models.CharField(blank=True, choices=[('person', 'person'), ('customer', 'customer'), ('rule', 'rule'), ('model', 'triage'), ('system', 'system')], editable=False, max_length=10)),
                ('category_by', models.CharField(blank=True, choices=[('person', 'person'), ('customer', 'customer'), ('rule', 'rule'), ('model', 'triage'), ('system', 'system')], editable=False, max_length=10)),
                ('category_confidence', models.FloatField(editable=False, null=True)),
                ('team_by', models.CharField(blank=True, choices=[('person', 'person'), ('customer', 'customer'), ('rule', 'rule'), ('model', 'triage'), ('system', 'system')], editable=False, max_length=10)),
                ('channel', models.CharField(max_length=30, verbose_name='channel')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None, verbose_name='tags')),
                ('language', models.CharField(default='en', max_length=10, verbose_name='language')),
                ('source', models.CharField(blank=True, editable=False, help_text='Where an import came from.', max_length=60)),
                ('external_id', models.CharField(blank=True, editable=False, max_length=200)),
                ('links_version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('resolved_at', models.DateTimeField(editable=False, null=True, verbose_name='resolved')),
                ('last_message_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last message')),
                ('last_message_preview', models.CharField(blank=True, editable=False, max_length=150)),
                ('last_message_by', models.CharField(choices=[('person', 'person'), ('customer', 'customer'), ('rule', 'rule'), ('model', 'triage'), ('system', 'system')], default='customer', editable=False, max_length=10)),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tickets', to=settings.AUTH_USER_MODEL, verbose_name='assignee')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='tickets.category', verbose_name='category')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='people.customer', verbose_name='customer')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='people.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'ticket',
                'verbose_name_plural': 'tickets',
            },
        ),
        migrations.AddField(
            model_name='message',
            name='ticket',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='tickets.ticket'),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('actor', models.CharField(choices=[('person', 'person'), ('customer', 'customer'), ('rule', 'rule'), ('model', 'triage'), ('system', 'system')], max_length=10, verbose_name='done by')),
                ('data', models.JSONField(default=dict, verbose_name='particulars')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.customer', verbose_name='customer')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='tickets.message', verbose_name='message')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_note', models.BooleanField(default=False)),
                ('text', models.TextField()),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='tickets.ticket')),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
            },
        ),
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consumer', models.CharField(max_length=40, verbose_name='consumer')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='due')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pending', to='tickets.event', verbose_name='event')),
            ],
            options={
                'verbose_name': 'pending work',
                'verbose_name_plural': 'pending work',
                'indexes': [models.Index(fields=['consumer', 'due_at', 'id'], name='pending_due')],
                'constraints': [models.UniqueConstraint(fields=('event', 'consumer'), name='a_consumer_owes_an_event_once')],
            },
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.FloatField(default=0.5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='level')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='tickets.category', verbose_name='category')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'skill',
                'verbose_name_plural': 'skills',
                'constraints': [models.UniqueConstraint(fields=('user', 'category'), name='one_skill_per_person_and_category'), models.CheckConstraint(condition=models.Q(('level__range', (0, 1))), name='skill_level_between_0_and_1')],
            },
        ),
        migrations.CreateModel(
            name='TicketText',
            fields=[
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='searchable', serialize=False, to='tickets.ticket')),
                ('document', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['document'], name='ticket_text_words')],
            },
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.OrderBy(models.F('last_message_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='ticket_newest'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['customer', '-last_message_at'], name='ticket_of_customer'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('status__in', ('new', 'open', 'waiting', 'hold'))), fields=['team', 'assignee', 'status', 'priority'], name='ticket_open_counts'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.OrderBy(models.F('last_message_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('status__in', ('new', 'open', 'waiting', 'hold'))), name='ticket_open_newest'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['category', '-created_at'], name='ticket_of_category'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(models.OrderBy(models.F('resolved_at'), descending=True, nulls_last=True), models.OrderBy(models.F('id'), descending=True), name='ticket_resolved'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=django.contrib.postgres.indexes.GinIndex(fields=['tags'], name='ticket_tags'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('source', 'external_id'), name='an_external_ticket_is_imported_once'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('ticket', 'key'), name='a_message_is_sent_once'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['ticket', 'id'], name='event_ticket_order'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('user', 'ticket'), name='one_draft_per_person_and_ticket'),
        ),
    ]
