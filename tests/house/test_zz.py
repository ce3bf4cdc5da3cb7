import time
from tests.conftest import NOW
from tracker.loader import load_examples, documents
def test_t(session):
    t=time.process_time(); list(documents()); print("yaml", time.process_time()-t)
    t=time.process_time(); load_examples(session, now=NOW); session.commit(); print("load", time.process_time()-t)
    import cProfile,pstats
