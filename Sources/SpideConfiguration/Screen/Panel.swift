/// What a pane of the explorer can show.
public enum Panel: String, Hashable, Sendable, CaseIterable {
  case network
  case forwardRaster = "forward-raster"
  case backwardRaster = "backward-raster"
  case membrane
  case input
  case classes
  case rateError = "rate-error"
  case betaError = "beta-error"
  case leftover
  case resetTable = "reset-table"
  case loss
  case accuracy
  case forwardRates = "forward-rates"
  case backwardRates = "backward-rates"
  case progress
  case confusion
  case neuronPotential = "neuron-potential"
  case neuronSpikes = "neuron-spikes"
  case neuronRate = "neuron-rate"
  case neuronBeta = "neuron-beta"
  case neuronWeights = "neuron-weights"
  case neuronFacts = "neuron-facts"

  /// The heading of the pane.
  public var title: String { description.title }

  /// What it shows, in one line.
  public var summary: String { description.summary }

  private var description: (title: String, summary: String) {
    switch self {
    case .network:
      return (
        "Network", "Layers and links from input to feedback, with the firing rate of each layer."
      )
    case .forwardRaster:
      return (
        "Forward spikes", "Spikes of the selected layer in the forward stage: neuron by time step."
      )
    case .backwardRaster:
      return (
        "Backward spikes",
        "Positive and negative spikes of the selected layer in the backward stage."
      )
    case .membrane:
      return ("Membrane", "Membrane potential of the selected neuron, with threshold and reset.")
    case .input:
      return ("Input", "The sample that the network sees, with its label.")
    case .classes:
      return ("Classes", "Softmax of the readout: how likely each class is.")
    case .rateError:
      return ("Rate error", "Firing rate minus equilibrium over the layer, for each reset mode.")
    case .betaError:
      return (
        "Beta error", "β minus exact implicit differentiation over the layer, for each reset mode."
      )
    case .leftover:
      return (
        "Residual potential",
        "Distribution of the potential that is left in the neurons, in both stages, for each reset."
      )
    case .resetTable:
      return ("Reset modes", "Bias, error and gradient direction of the reset modes, side by side.")
    case .loss:
      return ("Loss", "Training and test loss over epochs, and over the latest batches.")
    case .accuracy:
      return ("Accuracy", "Training and test accuracy over epochs.")
    case .forwardRates:
      return (
        "Forward rates", "Mean firing rate of each layer in the forward stage, over training."
      )
    case .backwardRates:
      return (
        "Backward rates", "Share of backward steps with a spike, for each layer, over training."
      )
    case .progress:
      return ("Progress", "Epoch, batch, speed, learning rate and synaptic operations.")
    case .confusion:
      return ("Confusion", "Test samples by true and by predicted class.")
    case .neuronPotential:
      return ("Potential", "Membrane potential of the selected neuron over both stages.")
    case .neuronSpikes:
      return ("Spikes", "Spikes of the selected neuron over both stages.")
    case .neuronRate:
      return ("Rate", "Firing rate so far, step by step, towards its equilibrium.")
    case .neuronBeta:
      return ("Beta", "β so far, step by step, towards implicit differentiation.")
    case .neuronWeights:
      return ("Weights", "Weights into the selected neuron.")
    case .neuronFacts:
      return ("Neuron", "Place, parameters, rate, gate and β of the selected neuron.")
    }
  }
}
