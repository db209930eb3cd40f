import Foundation
import SpideEngine
import SpideExperiment
import SpideTUI
import Synchronization
import Testing

/// Samples are computed elsewhere: what a key asks for at once, what comes later, and what comes too late.
@Suite struct SimulationTests {
  /// An explorer whose orders are kept until they are carried out.
  private struct Slow {
    var model: Model
    var orders: [SimulationOrder] = []

    init(_ overrides: [String] = []) throws {
      let preset = try Driver.preset("digits", overrides: overrides)
      model = Model(
        Model.Setup(preset: preset, data: try Driver.data(preset), seed: 1),
        screens: Driver.screens, width: 120, height: 36)
    }

    mutating func send(_ message: Message) {
      for case .simulate(let order) in model.update(message) { orders.append(order) }
    }

    mutating func type(_ keys: String) {
      for key in keys { send(.input(.key(.character(key)))) }
    }

    var text: String { model.view().canvas.text }
  }

  @Test func aKeyOrdersAndTheAnswerShows() throws {
    var slow = try Slow()
    slow.type("ss")
    #expect(slow.orders.count == 2 && slow.model.session.position == 0)
    #expect(slow.text.contains("computing") && !slow.text.contains("paused"))
    slow.send(.simulated(slow.orders[1].carryOut()))
    #expect(slow.model.session.position == 2)
    #expect(!slow.text.contains("computing") && slow.text.contains("paused"))
  }

  /// The answer to an order that another has followed shows how far it has come; one about another sample is dropped.
  @Test func answersThatComeLate() throws {
    var slow = try Slow()
    slow.type("sss>")
    slow.send(.simulated(slow.orders[1].carryOut()))
    #expect(slow.model.session.position == 0)
    slow.send(.simulated(slow.orders[3].carryOut()))
    let data = try Driver.data(slow.model.preset)
    #expect(slow.model.session.input == data.test.signal(1))
    #expect(!slow.text.contains("computing"))
    slow.type("ss")
    slow.send(.simulated(slow.orders[4].carryOut()))
    #expect(slow.model.session.position == 1 && slow.text.contains("computing"))
  }

  /// An answer with weights that have moved on since does not take the place of one with newer ones.
  @Test func weightsDoNotGoBack() throws {
    var slow = try Slow()
    slow.type("ssr")
    let (older, newer) = (slow.orders[1].carryOut(), slow.orders[2].carryOut())
    slow.send(.simulated(newer))
    slow.send(.simulated(older))
    #expect(slow.model.session.dynamics.forward.reset == .zero && !slow.text.contains("computing"))
  }

  /// The cursor moves from where it shall be, not from where it is.
  @Test func movesAddUp() throws {
    var slow = try Slow()
    slow.type("nnssS")
    slow.send(.simulated(try #require(slow.orders.last).carryOut()))
    #expect(slow.model.session.moment == .backward(2))
  }

  /// Another reset runs the sample anew, to the same moment.
  @Test func otherConstantsKeepTheMoment() throws {
    var slow = try Slow()
    slow.type("sssr")
    let answer = try #require(slow.orders.last).carryOut()
    slow.send(.simulated(answer))
    #expect(slow.model.session.position == 3 && slow.model.session.dynamics.forward.reset == .zero)
  }

  /// Time does not run ahead of what is computed.
  @Test func playingWaits() throws {
    var slow = try Slow()
    slow.type(" ")
    slow.send(.tick)
    let orders = slow.orders.count
    #expect(orders == 1)
    for _ in 0..<5 { slow.send(.tick) }
    #expect(slow.orders.count == orders)
    slow.send(.simulated(try #require(slow.orders.last).carryOut()))
    slow.send(.tick)
    #expect(slow.orders.count == orders + 1)
  }

  /// What the thread tells in the end is what straight computing comes to, whatever gave way before.
  @Test func theThreadEndsAtTheNewestGoal() throws {
    var slow = try Slow(["steps.forward=300", "steps.backward=300"])
    let answers = Mutex<[SimulationAnswer]>([])
    let came = DispatchSemaphore(value: 0)
    let thread = SimulationThread { answer in
      answers.withLock { $0.append(answer) }
      came.signal()
    }
    slow.type("nn/")
    slow.send(.input(.paste("40")))
    slow.send(.input(.key(.enter)))
    slow.type("SSSrR")
    for order in slow.orders { thread.take(order) }
    while slow.text.contains("computing") {
      guard came.wait(timeout: .now() + 60) == .success else {
        Issue.record("no answer")
        return
      }
      for answer in answers.withLock({ all in
        defer { all = [] }
        return all
      }) { slow.send(.simulated(answer)) }
    }
    let session = slow.model.session
    var straight = Session(
      network: session.network, input: session.input, label: session.label, batch: session.batch,
      watching: session.watched)
    // The thread may have told already who is going to spike.
    straight.move(to: session.frontier)
    straight.move(to: session.position)
    #expect(session.moment == .forward(299) && session.watched.unit == 40)
    #expect(session.dynamics.backward.reset == .zero)
    #expect(session.forwardSpikes == straight.forwardSpikes)
    #expect(session.history == straight.history && !session.history.forwardSpikes.isEmpty)
  }
}
