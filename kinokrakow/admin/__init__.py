"""The admin's lists of what every room leans on: jobs, hosts and outside services, accounts."""

from kinokrakow.admin import accounts as accounts
from kinokrakow.admin import jobs as jobs
from kinokrakow.admin import services as services
from kinokrakow.admin.readonly import Readable as Readable
from kinokrakow.admin.readonly import ReadOnly as ReadOnly
from kinokrakow.admin.readonly import ReadOnlyInline as ReadOnlyInline
