import subprocess,sys,tempfile
from pathlib import Path
from tests.scenarios.server import serving
with tempfile.TemporaryDirectory() as d, serving(Path(sys.argv[2]),state=Path(d)/"state",listen=("127.0.0.1","::1"),workers=1) as s:
    subprocess.run(["bash",sys.argv[1],str(s.port)])
