import Capture
import Glibc
import Inspector
import Output
import Transcript
