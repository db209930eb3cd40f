import SpideConfiguration
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// The update screen: why a weight moved, down to the sample that pushed it.
@Suite struct UpdateScreenTests {
  /// The last of so many updates, made without the explorer.
  private func update(_ small: SmallTraining, _ number: Int) throws -> BatchUpdate {
    let trainer = Trainer(
      plan: small.preset.network, dynamics: small.preset.dynamics, training: small.preset.training,
      trainSet: small.data.train, testSet: nil, seed: 1, threads: 2)
    trainer.keepsUpdates = true
    while trainer.batchesDone < number {
      if trainer.epochIsComplete { _ = trainer.finishEpoch() }
      _ = trainer.trainBatch()
    }
    return try #require(trainer.lastUpdate)
  }

  /// The words of a panel's line that begins with a name.
  private func line(_ text: String, _ name: String) throws -> [String] {
    let lines = text.split(separator: "\n").flatMap { $0.split { "│┃".contains($0) } }
      .map { $0.split(separator: " ").map(String.init).filter { $0 != "▸" } }
    return try #require(lines.first { $0.first == name }, "no \(name) in\n\(text)")
  }

  /// Every number of the table is one of the account's, and so are the synapses that moved most.
  @Test(arguments: [[], [SmallTraining.adam]]) func theTableIsTheAccount(_ overrides: [String])
    throws
  {
    let small = try SmallTraining(overrides)
    var explorer = HeadlessExplorer(small.model(width: 200, height: 60))
    try explorer.playOn("7\n:train 12")
    let update = try update(small, 12)
    let account = try #require(UpdateAccount(update))
    let text = explorer.text
    for parameter in [account.whole] + account.parameters {
      let words = try line(text, parameter.name.isEmpty ? "all" : parameter.name)
      let shares = try #require(parameter.shares)
      for expected in [
        NumberText.short(parameter.change),
        parameter.relative.map { NumberText.percent($0) } ?? "–",
        NumberText.short(parameter.gradient), NumberText.percent(shares.momentum, decimals: 0),
        NumberText.percent(shares.decay, decimals: 0),
      ] {
        #expect(words.contains(expected), "\(parameter.name) \(expected) in \(words)")
      }
    }
    let after = update.lossAfter(
      plan: small.preset.network, samples: small.data.train, threads: 1)
    #expect(
      text.contains(
        "loss of its batch \(NumberText.short(update.loss)) → \(NumberText.short(after))"))
    for moved in account.whole.largest {
      #expect(text.contains(" \(NumberText.short(moved.change)) "), "\(moved) in\n\(text)")
    }
    #expect(explorer.model.weightAccount?.weight == account.whole.largest[0].weight)
  }

  /// Every number of a synapse's step and of the samples that pushed it.
  @Test(arguments: [[], [SmallTraining.adam]]) func aSynapseIsItsAccount(_ overrides: [String])
    throws
  {
    let small = try SmallTraining(overrides)
    var explorer = HeadlessExplorer(small.model(width: 200, height: 60))
    try explorer.playOn(":train 12\n:synapse links.0.weight 5 9")
    let number = try #require(
      small.preset.network.parameters.firstIndex { $0.name == "links.0.weight" })
    let weight = WeightIndex(parameter: number, index: 5 * 12 + 9)
    let account = try #require(
      WeightAccount(
        weight, of: update(small, 12), plan: small.preset.network, samples: small.data.train,
        threads: 1))
    let text = explorer.text
    #expect(text.contains("links.0.weight[5,9]") && text.contains("L0 #9 → L1 #5"), "\(text)")
    for step in account.step.lines {
      #expect(text.contains("\(step.symbol) \(NumberText.significant(Double(step.value))) = "))
      for case .number(_, let value) in step.parts {
        #expect(text.contains(NumberText.significant(Double(value))), "\(value) in\n\(text)")
      }
    }
    #expect(
      text.contains("G \(NumberText.significant(Double(account.gradient))) = Σ m β a"), "\(text)")
    for push in account.pushes.prefix(4) {
      let words = try line(text, "#\(push.sample):")
      let pair = try #require(push.strongest)
      #expect(words.contains(NumberText.short(push.gradient)), "\(words)")
      #expect(words.contains(NumberText.short(pair.error)), "\(words)")
      #expect(words.contains(NumberText.short(pair.rate ?? .nan)), "\(words)")
      #expect(words.contains(pair.isOpen ? "1" : "0"))
    }
    #expect(text.contains("β \(NumberText.short(account.pushes[0].strongest?.error ?? .nan)): "))
  }

  // MARK: Typed ahead

  /// Keys that choose among what is still being found out wait for it, and do what they do later.
  @Test func keysWaitForTheUpdate() throws {
    let small = try SmallTraining()
    let keys = "7 Tab Tab Down Enter Down"
    let later = try small.play(":train 12\n\(keys)")
    var explorer = try small.play(":train 12")
    var effects: [Effect] = []
    for key: Key in [.character("7"), .tab, .tab, .down, .enter, .down] {
      effects += explorer.update(.input(.key(key)))
    }
    #expect(explorer.model.weightAccount == nil)
    while !effects.isEmpty {
      if let answer = explorer.answer(to: effects.removeFirst()) {
        effects += explorer.update(answer)
      }
    }
    #expect(explorer.text == later.text)
    #expect(explorer.model.weightAccount?.weight == later.model.weightAccount?.weight)
    #expect(explorer.model.log.text == later.model.log.text)
  }

  // MARK: To a sample and back

  /// From a synapse to the sample that pushed it, with the network as it was then and the neuron selected, and back.
  /// Samples that are cut at random are cut as they were, also at the start of an epoch (update 24).
  @Test(arguments: [
    ([], 12), (["data.augment={ crop-padding: 2 }"], 12),
    (["data.augment={ crop-padding: 2 }"], 24),
  ]) func fromASynapseToItsSampleAndBack(_ overrides: [String], update: Int) throws {
    let small = try SmallTraining(overrides)
    let straight = small.straight(update)
    var explorer = HeadlessExplorer(small.model())
    explorer.begin()
    try explorer.playOn("7\n:train \(update)\nTab Tab Down Enter")
    let account = try #require(explorer.model.updateAccount)
    let why = try #require(explorer.model.weightAccount)
    #expect(why.weight == account.whole.largest[1].weight)
    try explorer.playOn("Down Enter")
    let push = why.pushes[1]
    #expect(explorer.model.parameters == straight[update - 1].parameters)
    #expect(explorer.shows(trainSample: push.sample), "\(explorer.text)")
    let isCut = small.data.train.signal(push.sample) != explorer.model.session.input
    #expect(isCut == !overrides.isEmpty)
    #expect(explorer.text.contains("before update \(update)"))
    #expect(explorer.model.session.position == explorer.model.session.end)
    // The sample itself has the a and β that its push was told with.
    let session = explorer.model.session
    let pair = try #require(push.strongest)
    let ends = SynapseSpikes.layers(
      session.plan.link(ofParameter: why.weight.parameter), session.plan)
    if let layer = ends.target {
      #expect(session.watched == UnitID(layer: layer, unit: pair.target))
      #expect(abs(Double(session.history.beta.last ?? .nan) - pair.error) < 1e-6)
    }
    // The screen still tells of the update, which comes next.
    try explorer.playOn("7")
    #expect(explorer.model.weightAccount?.pushes == why.pushes)
    #expect(explorer.text.contains("Update \(update) "), "\(explorer.text)")
    // Another of its samples is where one is already.
    try explorer.playOn(":cause 3")
    #expect(explorer.shows(trainSample: why.pushes[2].sample))
    try explorer.playOn("7\n}")
    #expect(explorer.model.parameters == straight[update].parameters)
    #expect(explorer.text.contains("Update \(update) "), "\(explorer.text)")
    try explorer.playOn("{")
    #expect(explorer.text.contains("Update \(update - 1) "), "\(explorer.text)")
    // The log leads to the same.
    let log = explorer.model.log.text
    var again = HeadlessExplorer(small.model())
    again.begin()
    try again.playOn(log)
    #expect(again.text == explorer.text && again.model.log.text == log, "\(log)")
  }

  /// Keys and commands of one meaning lead to the same.
  @Test(
    arguments: [
      ("d", "map before"), ("d d", "map after"), ("d d d", "map change"),
      ("Tab Tab m", "movers input.weight"), ("Down Enter", "movers input.bias"),
      ("Tab Tab m m", "movers all"),
    ] as [(String, String)])
  func keysAndCommandsAgree(_ keys: String, _ command: String) throws {
    let small = try SmallTraining()
    var (typed, entered) = (try small.play("7\n:train 3"), try small.play("7\n:train 3"))
    try typed.playOn(keys)
    try entered.playOn(":\(command)")
    // Which panel the keys act on is not the command's business.
    for explorer in [0, 1] {
      if explorer == 0 { try typed.playOn("z z") } else { try entered.playOn("z z") }
    }
    func content(_ text: String) -> [Substring] {
      text.split { " │┃─━┏┓┗┛┌┐└┘▸\n".contains($0) }
    }
    #expect(content(typed.text) == content(entered.text), "\(typed.text)\n\(entered.text)")
  }

  @Test(arguments: [
    (":synapse", "usage: synapse PARAMETER INDEX"), (":synapse x 1", "no parameter x; there are"),
    (":synapse links.0.weight 8 0", "links.0.weight takes 0 … 7, 0 … 11"),
    (":synapse links.0.weight 1", "links.0.weight takes"),
    (":synapse links.0.weight a b", "links.0.weight takes"), (":movers y", "no parameter y"),
    (":map sideways", "usage: map before|after|change"), (":cause", "no synapse of an update"),
    (":train 2\n7\n:cause 65", "no sample 65; the batch has 64"),
  ])
  func whatIsNotThereIsSaid(_ session: String, _ words: String) throws {
    var explorer = HeadlessExplorer(try SmallTraining().model())
    let error = #expect(throws: ConfigurationError.self) { try explorer.playOn(session) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func parametersAndTheirLargestAreOffered() throws {
    var explorer = try SmallTraining().play("7\n:train 2\nEsc\ncolon s y n a p s e space l i n Tab")
    #expect(explorer.text.contains("links.0.weight"))
    try explorer.playOn("Esc\ncolon s y n space i n p u t . b i a s space Tab")
    let moved = try #require(explorer.model.updateAccount?.parameters[1].largest.first)
    #expect(explorer.text.contains(":syn input.bias \(moved.weight.index)"), "\(explorer.text)")
  }

  // MARK: What is computed, and when

  /// Nothing is found out, and nothing kept, unless a screen shows it.
  @Test func nothingIsComputedUnseen() throws {
    let small = try SmallTraining()
    var driver = Driver(small.preset, data: small.data)
    driver.type(":train 3<enter>")
    let asked = driver.effects.contains { if case .account = $0 { true } else { false } }
    #expect(!asked && driver.model.updateAccount == nil)
    driver.type("7")
    #expect(driver.model.updateAccount?.update.number == 3)
    #expect(driver.model.weightAccount != nil && driver.model.synapseSpikes != nil)
  }

  /// A training that runs tells of its updates while the screen shows them.
  @Test func theTableFollowsATraining() throws {
    let small = try SmallTraining()
    var explorer = try small.play("7\nt\nwait 5 batches")
    #expect(explorer.text.contains("Update 5 "), "\(explorer.text)")
    let account = try #require(UpdateAccount(update(small, 5)))
    #expect(explorer.model.updateAccount?.parameters == account.parameters)
    try explorer.playOn("wait 2 batches")
    #expect(explorer.text.contains("Update 7 ") && explorer.text.contains("t pauses"))
    try explorer.playOn("1\nwait 2 batches\n7")
    #expect(explorer.text.contains("Update 7 "))
    try explorer.playOn("wait 1 batch\nt")
    #expect(explorer.text.contains("Update 10 "), "\(explorer.text)")
    #expect(explorer.model.weightAccount?.update == 10)
    #expect(explorer.model.parameters == small.straight(10)[10].parameters)
  }

  /// An answer about an update that training has left is dropped, and so is one of another training.
  @Test(arguments: ["{", ":preset digits\ny"]) func lateAnswersAreDropped(_ leaving: String) throws
  {
    let small = try SmallTraining()
    var explorer = try small.play(":train 4")
    let order = explorer.update(.input(.key(.character("7"))))
    #expect(explorer.model.updateAccount == nil && explorer.text.contains("computing update 4"))
    // Its answer comes when the explorer is elsewhere.
    let late = order.compactMap { explorer.answer(to: $0) }
    try explorer.playOn(leaving)
    let before = explorer.text
    for message in late { explorer.send(message) }
    #expect(explorer.text == before)
    #expect(explorer.model.updateAccount?.update.number != 4)
  }

  /// The first update that is recorded has no past to be worked out from.
  @Test func theFirstHasNoPast() throws {
    let explorer = try SmallTraining().play("7\n:train 2\n{ {")
    #expect(explorer.text.contains("nothing is recorded before update 0"), "\(explorer.text)")
  }

  /// A synapse that is chosen stays, from update to update.
  @Test func aChosenSynapseStays() throws {
    var explorer = try SmallTraining().play("7\n:train 4\n:synapse feedback.weight 3 2")
    let four = try #require(explorer.model.weightAccount)
    try explorer.playOn("{")
    let three = try #require(explorer.model.weightAccount)
    #expect(four.update == 4 && three.update == 3 && three.weight == four.weight)
    #expect(three.step.weight == four.before)
  }

  // MARK: On other screens

  /// A step by hand over an update says what it did.
  @Test func aStepByHandSaysWhatItDid() throws {
    let small = try SmallTraining()
    let explorer = try small.play(":train 3\nf s")
    let account = try #require(UpdateAccount(update(small, 4)))
    let words = "update 4: ‖Δw‖ \(NumberText.short(account.whole.change)), most "
    #expect(explorer.text.contains(words), "\(explorer.text)")
    #expect(explorer.text.contains("loss \(NumberText.short(account.update.loss)) → "))
  }

  /// The progress panel says it of the update that training stands at.
  @Test func theProgressPanelSaysIt() throws {
    let small = try SmallTraining()
    var explorer = try small.play("4\n:train 3")
    for number in [3, 2] {
      let account = try #require(UpdateAccount(update(small, number)))
      let words = try line(explorer.text, "update")
      #expect(words.prefix(3) == ["update", "‖Δw‖", NumberText.short(account.whole.change)])
      #expect(try line(explorer.text, "its").contains(NumberText.short(account.update.loss)))
      try explorer.playOn("{")
    }
  }

  // MARK: Any network, any size

  /// Convolutions, a pool, dropout and an input that varies: every parameter's first weight can be looked into, at sizes from
  /// nothing on.
  @Test func everyParameterOfAConvolution() throws {
    var driver = try Driver("digits-conv", overrides: ["training.batch=8"])
    driver.type("7:train 2<enter>")
    for specification in driver.model.preset.network.parameters {
      let zeros = specification.shape.map { _ in "0" }.joined(separator: " ")
      driver.type(":synapse \(specification.name) \(zeros)<enter>")
      let why = try #require(driver.model.weightAccount, "\(driver.text)")
      #expect(abs(why.sum - Double(why.gradient)) <= 1e-5 * max(1, abs(why.sum)))
      #expect(driver.text.contains("\(specification.name)["), "\(driver.text)")
      for (width, height) in [(80, 24), (200, 60), (60, 16), (41, 9), (1, 1), (120, 36)] {
        driver.send(.input(.resized(width: width, height: height)))
        for glyphs in [0, 1] where glyphs == 0 { #expect(driver.screen.width == width) }
      }
      driver.type("d")
    }
  }

  /// Panels that have something to show keep to their places.
  @Test(arguments: Glyphs.allCases) func panelsStayInside(_ glyphs: Glyphs) throws {
    let sizes = [0, 1, 2, 3, 4, 5, 7, 9, 13, 17, 24, 41, 80]
    var driver = try Driver(glyphs: glyphs)
    driver.type("7:train 3<enter>")
    let ids: [PanelID] = [
      "update-parameters", "update-map", "update-synapses", "synapse", "synapse-spikes",
    ]
    for id in ids {
      for width in sizes {
        for height in sizes {
          var canvas = Canvas(width: width + 4, height: height + 4, glyphs: glyphs)
          let rect = Rect(x: 2, y: 2, width: width, height: height)
          canvas.fill(canvas.bounds, Cell("@"))
          driver.model.draw(id, in: rect, on: &canvas)
          let strays = canvas.cells.indices.filter {
            let (x, y) = ($0 % canvas.width, $0 / canvas.width)
            return !rect.contains(x: x, y: y) && canvas.cells[$0] != Cell("@")
          }
          #expect(strays == [], "\(id.rawValue) \(width)×\(height)")
          if glyphs.isASCII { #expect(canvas.text.utf8.allSatisfy { $0 < 0x80 }) }
        }
      }
    }
  }
}
