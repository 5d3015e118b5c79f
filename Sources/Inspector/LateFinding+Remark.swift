import Explain
import Transcript

extension LateFinding {
    init(_ remark: LateRemark) {
        self.init(
            number: remark.number,
            direction: remark.direction,
            root: PacketRecord.Root(remark.element),
            finding: remark.finding
        )
    }
}
