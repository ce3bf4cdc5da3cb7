from __future__ import annotations
from datetime import timedelta
import pytest
from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, ItemOrigin, Paper, PaperKind
from governance.decision_models import *
from governance.log_models import MeetingAction
from governance.report_models import *
from governance.minute_models import *
from tests.factories import House
from tracker.people.board_models import BoardRole
S="secretary@ashshire.example"
B="/ashshire/boards/trust-board"; M=f"{B}/meetings/2026-12-08"
PAGES=[B,"/ashshire/boards",M,f"{M}/agenda",f"{B}/action-log",f"{B}/action-log?show=all",f"{B}/forward-plan",f"{B}/between-meetings",f"{B}/escalations",f"{B}/reports",f"{B}/minutes",f"{M}/minutes",f"{M}/minutes/write",f"{M}/minutes/decisions",f"{M}/minutes/actions",f"{M}/attendance",f"{M}/interests",f"{M}/confidential",f"{M}/briefing",f"{B}/members",f"{B}/cycles",f"{B}/standing-agenda",f"{M}/publish","/ashshire/taken-down"]
def fill(house,n,start):
    s=house.session; t=dict(partnership_id=house.tenant)
    ms=house.meetings()
    for i in range(start,start+n):
        p=house.person(f"p{i}@ashshire.example",seat=BoardRole.MEMBER)
        it=AgendaItem(meeting_id=ms[0].id,position=1000+i,kind=ItemKind.TEXT,title=f"I{i}",purpose=Purpose.DECISION,origin=ItemOrigin.CARRIED,**t)
        s.add(it); s.flush()
        s.add(Paper(item_id=it.id,kind=PaperKind.REPORT,title=f"P{i}",added_at=house.now,**t))
        s.add(MeetingAction(board_id=house.board.id,meeting_id=ms[i%len(ms)].id,reference=f"r{i}",what="x",person_id=p.id,changed_at=house.now,**t))
        s.add(Decision(board_id=house.board.id,meeting_id=ms[0].id,item_id=it.id,reference=f"D{i}",kind=DecisionKind.DECISION,text="x",made_on=house.now.date(),**t))
        s.add(ForwardItem(board_id=house.board.id,title=f"F{i}",purpose=Purpose.DECISION,added_at=house.now,**t))
        s.add(Circulation(board_id=house.board.id,kind=CirculationKind.EMAIL,title="c",proposal="p",why_now="w",opened_at=house.now,opened_by_id=p.id,closes_at=house.now+timedelta(days=9),**t))
        s.add(ItemMinute(meeting_id=ms[0].id,item_id=it.id,text="said",changed_at=house.now,**t))
        s.add(Declaration(meeting_id=ms[0].id,item_id=it.id,name="N",interest="I",**t))
        a=house.action(f"A{i}")
        s.add(Escalation(board_id=house.board.id,to_board_id=house.board.id,action_id=a.id,meeting_id=ms[0].id,reason=EscalationReason.RED,drafted_at=house.now,**t))
    s.commit()
def test_counts(app,client,house,sign_in,statements):
    house.person(S,seat=BoardRole.SECRETARY); house.cycle(); house.meetings()
    fill(house,3,0)
    sign_in(client,S)
    def count():
        out={}
        for p in PAGES:
            statements.clear()
            r=client.get(p)
            out[p]=(r.status_code,sum(x.startswith("SELECT") for x in statements))
        return out
    one=count()
    fill(house,40,3)
    two=count()
    print()
    for p in PAGES: print(p.replace("/ashshire",""),one[p],two[p], "<<<<" if two[p][1]>one[p][1]+2 else "")
    import collections
    statements.clear(); client.get(f"{M}/briefing")
    for k,v in collections.Counter(x[:60]+" ... "+x[x.find("FROM"):][:160].replace("\n"," ") for x in statements).most_common(5): print("TOP",v,k)
    statements.clear(); client.get(f"{M}/minutes")
    for k,v in collections.Counter(x[:60]+" ... "+x[x.find("FROM"):][:160].replace("\n"," ") for x in statements).most_common(5): print("TOPM",v,k)
    assert 0
