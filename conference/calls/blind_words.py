"""Words that a blind panel’s texts are searched with (pure): what says nothing of who somebody is."""

_HOSTS = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk yahoo.co.in yahoo.fr ymail.com icloud.com
me.com mac.com aol.com gmx.com gmx.de gmx.net web.de t-online.de mail.com mail.ru yandex.ru yandex.com proton.me protonmail.com
zoho.com fastmail.com qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net rediffmail.com orange.fr free.fr laposte.net
libero.it btinternet.com sky.com virginmedia.com hey.com tutanota.com
"""
_ALSO_WORDS = """
will grant may mark grace hope joy rose page read reader young long best price art bill chance dean faith frank gene grey green
brown white black hall hill june april august king lane law love major mason miles noble park rich rob sage stone sue summer
victor wood book case church cook day fair field fish fox gold good hand head holiday house little moon new power west north east
south winter mission
"""
_NO_NAMES = """
the and for from with der die das von van den del della las los les des bin ibn abu library libraries librarian archive archives
archivist university national public city in of at de la le al el da di
"""

EVERYBODYS = frozenset(_HOSTS.split())  # hosts of mail at which anybody can have an address
WORDS = frozenset(_ALSO_WORDS.split())  # names that are words too: hidden where they begin with a capital letter
NO_NAMES = frozenset(_NO_NAMES.split())  # parts of a name that are not hidden alone
